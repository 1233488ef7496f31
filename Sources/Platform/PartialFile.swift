import Glibc
import SystemPackage

/// A file under a temporary name beside its own, `<path>.partial`: removed unless it is published.
public final class PartialFile {
    /// Why a file cannot be written.
    public enum Problem: Error, Equatable, CustomStringConvertible {
        /// A device, a pipe or a folder is no place that a file may take.
        case notRegular
        case system(Errno)

        public var description: String {
            switch self {
            case .notRegular: "something that is not a regular file has this name"
            case .system(let error): "\(error)"
            }
        }
    }

    /// Bytes so far.
    public private(set) var position = 0
    private let path: String
    private let descriptor: FileDescriptor
    private var isPublished = false

    private var temporaryPath: String { "\(path).partial" }

    public init(path: String) throws(Problem) {
        self.path = path
        if let status = try? Stat(FilePath(path)), status.type != .regular { throw .notRegular }
        descriptor = try Self.catching { () throws(Errno) in
            try Errno.catching {
                try FileDescriptor.open(
                    FilePath("\(path).partial"), .writeOnly, options: [.create, .truncate, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead])
            }
        }
    }

    deinit {
        try? descriptor.close()
        if !isPublished { unlink(temporaryPath) }
    }

    public func append(_ bytes: UnsafeRawBufferPointer) throws(Problem) {
        try Self.catching { () throws(Errno) in try descriptor.writeWhole(bytes) }
        position += bytes.count
    }

    public func append(_ bytes: [UInt8]) throws(Problem) {
        try Self.catching { () throws(Errno) in try descriptor.writeWhole(bytes) }
        position += bytes.count
    }

    /// Goes on to `size` with a hole, which reads as zeros and takes no room on the disk.
    public func extend(to size: Int) throws(Problem) {
        try Self.catching { () throws(Errno) in
            try Errno.catching {
                try descriptor.resize(to: Int64(size))
                try descriptor.seek(offset: Int64(size), from: .start)
            }
        }
        position = size
    }

    /// Gives the file its name, in place of one that has it.
    public func publish() throws(Problem) {
        guard rename(temporaryPath, path) == 0 else { throw .system(Errno(rawValue: errno)) }
        isPublished = true
    }

    private static func catching<Value>(_ body: () throws(Errno) -> Value) throws(Problem) -> Value {
        do { return try body() } catch { throw .system(error) }
    }
}
