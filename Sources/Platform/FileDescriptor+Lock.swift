import Glibc
import SystemPackage

/// How a file is locked.
public enum FileLock: Sendable {
    /// Others may share it.
    case shared
    /// By nobody else.
    case exclusive
}

/// Locks of open files, flock(2): they hold against all processes that ask for them, and go with the descriptor, however its
/// process ends.
extension FileDescriptor {
    /// Takes the lock without waiting.
    ///
    /// - Returns: false where somebody else has one that does not go with it.
    public func tryLock(_ lock: FileLock) -> Bool {
        flock(rawValue, (lock == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0
    }

    /// Waits for the lock.
    public func lock(_ lock: FileLock) throws(Errno) {
        while flock(rawValue, lock == .shared ? LOCK_SH : LOCK_EX) != 0 {
            guard errno == EINTR else { throw Errno(rawValue: errno) }
        }
    }

    /// Whether `path` still names this file: between opening and locking it, somebody may have removed or renamed it.
    public func isFile(at path: FilePath) -> Bool {
        guard let mine = try? stat(), let named = try? path.stat() else { return false }
        return mine.deviceID == named.deviceID && mine.inode == named.inode
    }

    /// Opens the file at `path` and takes its lock, without waiting.
    ///
    /// - Parameter permissions: for a file that is made; nil: where there is none, none is made.
    /// - Returns: nil where somebody else has the lock.
    public static func open(
        _ path: FilePath, _ mode: AccessMode, locking lock: FileLock, making permissions: FilePermissions? = nil
    ) throws(Errno) -> FileDescriptor? {
        while true {
            let options: OpenOptions = permissions == nil ? .closeOnExec : [.closeOnExec, .create]
            let file = try Errno.catching {
                try FileDescriptor.open(path, mode, options: options, permissions: permissions)
            }
            guard file.tryLock(lock) else {
                try? file.close()
                return nil
            }
            if file.isFile(at: path) { return file }
            try? file.close()
        }
    }
}
