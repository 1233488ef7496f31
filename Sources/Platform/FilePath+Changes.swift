import Glibc
import SystemPackage

/// Changes of names.
extension FilePath {
    /// Gives the file at this path the name `other`, in place of what has that name.
    public func rename(to other: FilePath) throws(Errno) {
        let code = withPlatformString { old in other.withPlatformString { Glibc.rename(old, $0) } }
        guard code == 0 else { throw Errno(rawValue: errno) }
    }

    /// Removes the file's name; the file itself stays for those who have it open.
    public func remove() throws(Errno) {
        guard withPlatformString({ unlink($0) }) == 0 else { throw Errno(rawValue: errno) }
    }
}
