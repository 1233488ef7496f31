/// Why a launch does not start, as one sentence, with the exit status that goes with it.
public struct LaunchError: Error, Sendable, Equatable, CustomStringConvertible {
    public let status: Int32
    public let description: String

    private init(_ status: Int32, _ description: String) {
        self.status = status
        self.description = description
    }

    /// A command line that asks for something impossible (EX_USAGE).
    static func usage(_ message: String) -> LaunchError { LaunchError(64, "\(message) (see launch --help)") }
    /// A hostfile that cannot be used (EX_DATAERR).
    static func badInput(_ message: String) -> LaunchError { LaunchError(65, message) }
    /// Something that is missing on this machine.
    static func notReady(_ message: String) -> LaunchError { LaunchError(1, message) }
    /// Anything else (EX_SOFTWARE).
    static func failure(_ message: String) -> LaunchError { LaunchError(70, message) }
}
