/// Why a sweep cannot start, or go on.
public struct SweepError: Error, CustomStringConvertible, Sendable {
    public enum Kind: Sendable {
        /// What was asked for does not go together.
        case usage
        /// A file that cannot be read, written or understood.
        case badInput
        /// Anything else.
        case failure
    }

    public let kind: Kind
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
