/// What a program said and how it ended.
public struct CommandResult: Sendable, CustomStringConvertible {
    public enum End: Sendable, Equatable {
        case exited(Int)
        case signaled(Int)
        case timedOut
    }

    public let command: String
    public let end: End
    public let standardOutput: [UInt8]
    public let standardError: [UInt8]
    public let duration: Duration

    /// Standard output as text; malformed UTF-8 becomes U+FFFD.
    public var output: String { String(decoding: standardOutput, as: UTF8.self) }
    /// Standard error as text; malformed UTF-8 becomes U+FFFD.
    public var errors: String { String(decoding: standardError, as: UTF8.self) }
    /// The exit status, or nil when a signal or the deadline ended the program.
    public var exitStatus: Int? { if case .exited(let status) = end { status } else { nil } }
    public var succeeded: Bool { end == .exited(0) }

    /// Everything a failed expectation should show.
    public var description: String {
        "`\(command)` ended: \(end) after \(duration)\n--- stdout\n\(output)\n--- stderr\n\(errors)\n---"
    }
}
