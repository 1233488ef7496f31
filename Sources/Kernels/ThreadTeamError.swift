import Glibc

/// A team that could not be started.
public enum ThreadTeamError: Error, CustomStringConvertible {
    case count(Int)
    case thread(index: Int, code: Int32)

    public var description: String {
        switch self {
        case .count(let count): "a team needs at least one thread, not \(count); set --threads to 1 or more"
        case .thread(let index, let code):
            "cannot start thread \(index): \(String(cString: strerror(code))); set --threads lower"
        }
    }
}
