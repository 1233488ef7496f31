import Glibc
import SystemPackage

extension FileDescriptor {
    /// Sets the time at which the file was read last to now; when it was written stays.
    public func markUsed() throws(Errno) {
        // UTIME_NOW and UTIME_OMIT, which Swift does not see.
        let times = [(1 << 30) - 1, (1 << 30) - 2].map { timespec(tv_sec: 0, tv_nsec: $0) }
        guard futimens(rawValue, times) == 0 else { throw Errno(rawValue: errno) }
    }
}
