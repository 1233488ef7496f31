import Tokenization

/// What a tokenizer's files say, before it becomes a vocabulary.
struct TokenLists {
    var model: VocabularyModel
    /// By id; ids that nothing names are empty.
    var tokens: [[UInt8]] = []
    var scores: [Float] = []
    var kinds: [TokenKind] = []
    /// "left right" in order of rank.
    var merges: [[UInt8]] = []
    var bos: TokenID?
    var eos: TokenID?
    var unknown: TokenID?
    var padding: TokenID?
    var addsBOS: Bool?
    var addsEOS: Bool?
    var addsSpacePrefix = false
    var rules = VocabularyRules()
    /// Whether a normalizer does anything, so that tokens may be looked for in what it makes of a text.
    var normalizesText = false
    /// Whether a normalizer puts the space in front of each text, so that normalized tokens have it too.
    var prependsToText = false

    init(model: VocabularyModel) { self.model = model }

    /// No vocabulary comes near.
    static let largest = 1 << 20

    /// Gives `id` a token, which replaces what was there.
    ///
    mutating func set(_ id: Int, _ text: [UInt8], _ kind: TokenKind) throws(ModelFileProblem) {
        guard id >= 0, id < Self.largest else {
            throw .invalidTokenizer(reason: "the tokenizer has a token number \(id)")
        }
        fill(to: id + 1)
        tokens[id] = text
        kinds[id] = kind
    }

    /// Adds places that no text becomes, so that there are `count` tokens.
    mutating func fill(to count: Int) {
        while tokens.count < count {
            tokens.append(Array("[PAD\(tokens.count)]".utf8))
            kinds.append(.unused)
            scores.append(-10_000)
        }
    }

    /// Takes away the tokens from `count` on: those that the model's embedding has no row for.
    mutating func cut(to count: Int) {
        guard count < tokens.count else { return }
        tokens.removeSubrange(count...)
        kinds.removeSubrange(count...)
        scores.removeSubrange(min(count, scores.count)...)
        func kept(_ id: TokenID?) -> TokenID? { id.flatMap { $0 < count ? $0 : nil } }
        (bos, eos, unknown, padding) = (kept(bos), kept(eos), kept(unknown), kept(padding))
    }

    /// The token with this text: a special one before others.
    func id(of text: [UInt8]) -> TokenID? {
        let ids = tokens.indices.filter { tokens[$0] == text }
        return (ids.first { kinds[$0] == .control || kinds[$0] == .unknown } ?? ids.first).map { TokenID($0) }
    }
}
