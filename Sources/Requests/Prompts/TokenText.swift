import ModelFiles
import Tokenization

/// What a model's tokens stand for; any number of threads may share one.
public struct TokenText: Sendable {
    private let tokenizer: Tokenizer
    /// Bytes of the longest token's text: so many for each token a text can have at most.
    public let longestTokenByteCount: Int

    /// - Throws: Where the model has no tokenizer.
    public init(_ model: Model) throws {
        tokenizer = try model.requiredTokenizer()
        let vocabulary = tokenizer.vocabulary
        longestTokenByteCount = (0..<vocabulary.count).reduce(1) { max($0, vocabulary.bytes(of: TokenID($1)).count) }
    }

    public var vocabSize: Int { tokenizer.vocabulary.count }

    /// The tokens of a text.
    ///
    /// - Parameters:
    ///   - recognizeSpecial: Whether the text of a special token becomes that token.
    ///   - addBOS: Whether BOS comes first, where the model asks for it.
    public func ids(of text: String, recognizeSpecial: Bool, addBOS: Bool) -> [TokenID] {
        tokenizer.encode(
            Array(text.utf8), recognizeSpecial: recognizeSpecial, addBOS: addBOS && tokenizer.vocabulary.addsBOS)
    }

    /// The text of tokens, special ones included; malformed UTF-8 becomes U+FFFD.
    public func text(of ids: [TokenID]) -> String {
        String(decoding: UTF8Repair.repaired(tokenizer.decode(ids, includeSpecial: true)[...]), as: UTF8.self)
    }

    /// The bytes of one token, that of a special one included; they need not be whole characters.
    public func bytes(of id: TokenID) -> [UInt8] { tokenizer.vocabulary.bytes(of: id) }
}
