import Glibc

/// How a program ended.
public enum ProgramEnd: Sendable, Equatable {
    case exited(CInt)
    case killed(CInt)

    /// As a shell tells it.
    public var status: CInt {
        switch self {
        case .exited(let code): code
        case .killed(let signal): 128 + signal
        }
    }
}
