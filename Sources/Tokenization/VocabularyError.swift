/// Why a vocabulary cannot be used.
public enum VocabularyError: Error, Equatable, CustomStringConvertible {
    case empty
    case tooManyTokens(Int)
    /// A list with one entry per token has another length.
    case countMismatch(list: String, count: Int, tokens: Int)
    /// A token named by the file's metadata does not exist.
    case noSuchToken(role: String, id: Int, tokens: Int)
    case notANumber(token: Int)
    /// Entry `index` of the merge list is not two tokens whose join is a token.
    case badMerge(index: Int, text: String)
    case tooManyMerges(Int)
    case badByteToken(id: Int, text: String)
    case longSpecialToken(id: Int, bytes: Int, limit: Int)

    public var description: String {
        switch self {
        case .empty: "The vocabulary has no tokens."
        case .tooManyTokens(let count):
            "The vocabulary has \(count) tokens, more than the 2147483647 that ids can name."
        case .countMismatch(let list, let count, let tokens):
            "The vocabulary has \(tokens) tokens but \(count) \(list); there must be one for each token."
        case .noSuchToken(let role, let id, let tokens):
            "The vocabulary's \(role) token is \(id), but it has only tokens 0 to \(tokens - 1)."
        case .notANumber(let token): "The score of token \(token) is not a number."
        case .badMerge(let index, let text):
            "Merge \(index) (\"\(text)\") is not two tokens that join to a third; the list of merges is damaged."
        case .tooManyMerges(let count):
            "The vocabulary lists \(count) merges, more than can be ranked."
        case .badByteToken(let id, let text):
            "Token \(id) is a byte token, but its text \"\(text)\" is not like <0x0A>."
        case .longSpecialToken(let id, let bytes, let limit):
            "Special token \(id) is \(bytes) bytes long; at most \(limit) are supported."
        }
    }
}
