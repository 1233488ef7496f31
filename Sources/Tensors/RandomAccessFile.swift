import Glibc

/// A file that is read at the places that are asked for. Nothing of it is mapped: who truncates it gets nobody killed, and
/// who writes to it is noticed by those that ask.
public final class RandomAccessFile: Sendable {
    public let path: String
    /// Its size when it was opened.
    public let byteCount: Int

    private let descriptor: Int32
    /// When it was written last before it was opened.
    private let writeTime: timespec

    /// Opens the regular file at `path`.
    ///
    /// - Throws: ``FileReadError`` when it cannot be opened or is no regular file.
    public init(path: String) throws(FileReadError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileReadError(path: path, .system(action: "open", code: errno)) }
        do throws(FileReadError) {
            let status = try Self.status(descriptor, path)
            guard status.st_mode & S_IFMT == S_IFREG else {
                let isFolder = status.st_mode & S_IFMT == S_IFDIR
                throw FileReadError(path: path, .system(action: "read", code: isFolder ? EISDIR : EINVAL))
            }
            (byteCount, writeTime) = (Int(status.st_size), status.st_mtim)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Copies `range` to `destination`.
    ///
    /// - Throws: ``FileReadError`` when it cannot be read, or the file has become shorter.
    public func read(_ range: Range<Int>, into destination: UnsafeMutableRawPointer) throws(FileReadError) {
        var done = 0
        while done < range.count {
            let count = pread(descriptor, destination + done, range.count - done, off_t(range.lowerBound + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileReadError(path: path, .system(action: "read", code: errno)) }
            guard count > 0 else { throw FileReadError(path: path, .changed) }
            done += count
        }
    }

    /// The bytes of `range`.
    public func bytes(_ range: Range<Int>) throws(FileReadError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 64)
        defer { buffer.deallocate() }
        if let start = buffer.baseAddress { try read(range, into: start) }
        return Array(buffer)
    }

    /// Whoever has read what must not change calls this afterwards.
    ///
    /// - Throws: ``FileReadError`` when the file is not as it was opened, by its size and the time it was written.
    public func refuseChanges() throws(FileReadError) {
        let status = try Self.status(descriptor, path)
        guard Int(status.st_size) == byteCount, status.st_mtim.tv_sec == writeTime.tv_sec,
            status.st_mtim.tv_nsec == writeTime.tv_nsec
        else { throw FileReadError(path: path, .changed) }
    }

    /// Asks the system to read `range` ahead.
    public func prefetch(_ range: Range<Int>) {
        if !range.isEmpty {
            posix_fadvise(descriptor, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_WILLNEED)
        }
    }

    private static func status(_ descriptor: Int32, _ path: String) throws(FileReadError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileReadError(path: path, .system(action: "read", code: errno))
        }
        return status
    }
}

extension RandomAccessFile {
    /// More than any file has that is read as a whole.
    private static let largestWhole = 1 << 30

    /// All of the regular file at `path`, of at most a gibibyte.
    public static func contents(of path: String) throws(FileReadError) -> [UInt8] {
        let file = try RandomAccessFile(path: path)
        guard file.byteCount <= largestWhole else {
            throw FileReadError(path: path, .system(action: "read", code: EFBIG))
        }
        return try file.bytes(0..<file.byteCount)
    }
}
