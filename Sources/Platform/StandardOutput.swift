import Synchronization
import SystemPackage

/// This process's standard output, which may be a pipe to whoever started it.
public enum StandardOutput {
    private static let count = Atomic<Int>(0)

    /// Bytes that were written so far.
    public static var byteCount: Int { count.load(ordering: .relaxed) }

    /// Writes all of `bytes` at once.
    public static func write(_ bytes: [UInt8]) throws(Errno) {
        try FileDescriptor.standardOutput.writeWhole(bytes)
        count.add(bytes.count, ordering: .relaxed)
    }

    /// Closes it: a file of another machine may take bytes and say only now that it has no room for them.
    public static func close() throws(Errno) {
        try Errno.catching { try FileDescriptor.standardOutput.close() }
    }
}
