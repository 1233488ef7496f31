#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file under a temporary name, removed unless it is published.
final class PartialFile {
    private(set) var position = 0
    private let path: String
    private let descriptor: Int32
    private var isPublished = false

    private var temporaryPath: String { "\(path).partial" }

    init(path: String) throws(ModelFileProblem) {
        self.path = path
        // A device, a pipe or a folder is no place that a file may take.
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            descriptor = -1
            throw .cannotWrite(reason: "something that is not a regular file has this name")
        }
        descriptor = open("\(path).partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.systemProblem() }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            if !isPublished { unlink(temporaryPath) }
        }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(ModelFileProblem) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress!, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.systemProblem() }
            rest = rest.dropFirst(count)
        }
        position += bytes.count
    }

    func append(_ bytes: [UInt8]) throws(ModelFileProblem) {
        try bytes.withUnsafeBufferPointer { bytes throws(ModelFileProblem) in
            try append(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Goes on to `size` with a hole, which reads as zeros and takes no room on the disk.
    func extend(to size: Int) throws(ModelFileProblem) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.systemProblem() }
        position = size
    }

    func publish() throws(ModelFileProblem) {
        guard rename(temporaryPath, path) == 0 else { throw Self.systemProblem() }
        isPublished = true
    }

    private static func systemProblem() -> ModelFileProblem {
        .cannotWrite(reason: String(cString: strerror(errno)))
    }
}
