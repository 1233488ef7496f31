/// Turns tokens into bytes, one at a time.
struct TokenDecoder: Sendable {
    private let vocabulary: Vocabulary
    private let includeSpecial: Bool
    /// Whether the next text is the first, from which the space prefix comes off.
    private var isAtStart: Bool

    /// What SentencePiece writes for text that the vocabulary could not spell: U+2047 between spaces.
    private static let unknownText: [UInt8] = [0x20, 0xE2, 0x81, 0x87, 0x20]

    /// - Parameter continuesText: whether other text stands before these tokens, so that a first space is kept.
    init(_ vocabulary: Vocabulary, includeSpecial: Bool, continuesText: Bool = false) {
        self.vocabulary = vocabulary
        self.includeSpecial = includeSpecial
        isAtStart = vocabulary.model == .sentencePiece && vocabulary.addsSpacePrefix && !continuesText
    }

    /// Appends the bytes of `id`: none where it is no token, or a special one that is left out.
    mutating func append(_ id: TokenID, to output: inout [UInt8]) {
        guard vocabulary.contains(id) else { return }
        var piece = vocabulary.pieces[Int(id)]
        switch vocabulary.kinds[Int(id)] {
        case .control: if !includeSpecial { return }
        case .unknown:
            if !includeSpecial {
                guard vocabulary.model == .sentencePiece else { return }
                piece = Self.unknownText[...]
            }
        case .normal, .userDefined, .unused: if isAtStart, piece.first == UInt8(ascii: " ") { piece.removeFirst() }
        case .byte: break
        }
        output.append(contentsOf: piece)
        if !vocabulary.pieces[Int(id)].isEmpty { isAtStart = false }
    }
}
