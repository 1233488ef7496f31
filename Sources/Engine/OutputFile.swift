import Platform
import Requests
import SystemPackage

/// A file that a run writes, created anew.
public final class OutputFile: Sendable {
    private let path: String
    private let descriptor: FileDescriptor

    public init(_ path: String) throws(EngineError) {
        self.path = path
        do throws(Errno) {
            descriptor = try Errno.catching {
                try FileDescriptor.open(
                    FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead])
            }
        } catch { throw Self.failure(path, error) }
    }

    deinit { try? descriptor.close() }

    public func write(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
        do { try descriptor.writeWhole(bytes) } catch { throw Self.failure(path, error) }
    }

    private static func failure(_ path: String, _ error: Errno) -> EngineError {
        .badInput("cannot write \(path): \(error)")
    }
}
