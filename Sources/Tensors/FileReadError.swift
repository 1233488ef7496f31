import Glibc

/// A file that cannot be read, with the reason.
public struct FileReadError: Error, Equatable, CustomStringConvertible {
    public enum Problem: Sendable, Equatable {
        /// The system's number of what went wrong.
        case system(action: String, code: Int32)
        /// It was written to, or cut, after it was opened.
        case changed
    }

    public let path: String
    public let problem: Problem

    public init(path: String, _ problem: Problem) {
        self.path = path
        self.problem = problem
    }

    /// Whether there is nothing at the path.
    public var isNoSuchFile: Bool {
        if case .system(_, ENOENT) = problem { true } else { false }
    }

    /// What went wrong, after the file's name.
    public var reason: String {
        switch problem {
        case .system(_, let code): String(cString: strerror(code))
        case .changed:
            "the file was changed while it was in use: start again when it is complete, and put a new version in its place "
                + "with mv, which leaves the old one to those who use it"
        }
    }

    public var description: String {
        switch problem {
        case .system(let action, _): "cannot \(action) \(path): \(reason)"
        case .changed: "\(path): \(reason)"
        }
    }
}
