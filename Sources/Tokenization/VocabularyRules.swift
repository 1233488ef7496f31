/// Where a tokenizer differs from others of its kind.
public struct VocabularyRules: Sendable, Equatable {
    /// Whether only the text's beginning gets a space in front, not what follows a special token (SentencePiece).
    public var prefixesStartOnly = false
    /// Whether text that begins with a space gets no other one in front (SentencePiece).
    public var prefixesBareTextOnly = false
    /// Whether a piece that is a token as a whole becomes that token, even where no merges lead to it; nil: as the
    /// pre-tokenizer's models do.
    public var takesWholePieces: Bool?
    /// Whether text is composed (Unicode's normalization form C) first; nil: as the pre-tokenizer's models do.
    public var composesText: Bool?
    /// Special tokens that swallow the white space before them.
    public var stripsLeft: Set<TokenID> = []
    /// Special tokens that swallow the white space after them.
    public var stripsRight: Set<TokenID> = []

    public init() {}
}

extension Vocabulary {
    /// Where the text before a special token ends, which may swallow white space.
    func textEnd(
        before range: Range<Int>, _ id: TokenID, in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int {
        guard rules.stripsLeft.contains(id) else { return range.lowerBound }
        let before = ClassifiedText(.init(rebasing: text[..<range.lowerBound]))
        var end = range.lowerBound
        while end > start {
            var index = end - 1
            while index > start, text[index] & 0xC0 == 0x80 { index -= 1 }
            guard before.scalar(at: index, before: end).class.contains(.space) else { break }
            end = index
        }
        return end
    }

    /// Where the text after a special token begins, which may swallow white space.
    func textStart(after range: Range<Int>, _ id: TokenID, in text: UnsafeBufferPointer<UInt8>) -> Int {
        guard rules.stripsRight.contains(id) else { return range.upperBound }
        return ClassifiedText(text).endOfRun(of: .space, from: range.upperBound, before: text.count)
    }
}
