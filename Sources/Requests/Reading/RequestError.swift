/// Why a request cannot be taken.
public struct RequestError: Error, Equatable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// It is none, or asks for what cannot be.
        case wrong
        /// It names what is not here.
        case notHere
        /// It is well formed, but the model has no way to take it.
        case unsuitable
    }

    public let kind: Kind
    /// One sentence.
    public let description: String
    /// The field that is wrong, with the way to it: `messages[2].content`.
    public let param: String?
    /// A word for programs.
    public let code: String?
    /// What is wrong with the field, where the sentence only says what it must be.
    public let cause: String?

    public init(
        _ description: String, kind: Kind = .wrong, param: String? = nil, code: String? = nil, cause: String? = nil
    ) {
        self.kind = kind
        self.description = description
        self.param = param
        self.code = code
        self.cause = cause
    }
}
