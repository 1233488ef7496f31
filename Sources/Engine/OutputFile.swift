import Glibc
import Requests

/// A file that a run writes, created anew.
public final class OutputFile {
    private let path: String
    private let descriptor: Int32

    public init(_ path: String) throws(EngineError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw Self.failure(path) }
    }

    deinit { close(descriptor) }

    public func write(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw Self.failure(path)
            }
            rest = rest.dropFirst(written)
        }
    }

    private static func failure(_ path: String) -> EngineError {
        .badInput("cannot write \(path): \(String(cString: strerror(errno)))")
    }
}
