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

    init(model: VocabularyModel) { self.model = model }

    /// No vocabulary comes near; one that did would be refused with its embedding.
    private static let largest = 1 << 20

    /// Gives `id` a token, which replaces what was there.
    ///
    /// - Parameter limit: the model's tokens; nil where nothing is known about it.
    mutating func set(_ id: Int, _ text: [UInt8], _ kind: TokenKind, limit: Int?) throws(ModelFileProblem) {
        guard id >= 0, id < limit ?? Self.largest else {
            let count = limit.map { ", but the embedding \($0) rows" } ?? ""
            throw .invalidTokenizer(reason: "the tokenizer has a token number \(id)\(count)")
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

    /// The token with this text: a special one before others.
    func id(of text: [UInt8]) -> TokenID? {
        let ids = tokens.indices.filter { tokens[$0] == text }
        return (ids.first { kinds[$0] == .control || kinds[$0] == .unknown } ?? ids.first).map { TokenID($0) }
    }
}
