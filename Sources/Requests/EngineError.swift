/// A failure that people can do something about, with the exit status that goes with it.
public struct EngineError: Error, CustomStringConvertible {
    public enum Kind: Int32, Sendable {
        /// A command line that asks for something impossible (EX_USAGE).
        case usage = 64
        /// A model, prompt or file that cannot be used (EX_DATAERR).
        case badInput = 65
        /// Anything else (EX_SOFTWARE).
        case failure = 70
    }

    public let kind: Kind
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    public static func usage(_ message: String) -> EngineError { EngineError(.usage, message) }
    public static func badInput(_ message: String) -> EngineError { EngineError(.badInput, message) }
    public static func failure(_ message: String) -> EngineError { EngineError(.failure, message) }
}
