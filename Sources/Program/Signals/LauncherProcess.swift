import Glibc
import Platform
import SystemPackage

/// The process that started this rank: mpirun, or its daemon on this machine.
enum LauncherProcess {
    /// nil where the program was started without one.
    ///
    /// Between a rank and its launcher there may be shells, which share the variable that names the rank.
    static var identifier: pid_t? {
        guard !LauncherRank.isAlone else { return nil }
        var process = getppid()
        while process > 1, isRank(process) {
            guard let parent = parent(of: process) else { return nil }
            process = parent
        }
        return process
    }

    private static func isRank(_ process: pid_t) -> Bool {
        let variable = Array("OMPI_COMM_WORLD_RANK=".utf8)
        return read("/proc/\(process)/environ").split(separator: 0).contains { $0.starts(with: variable) }
    }

    /// From `pid (name) state ppid ...`; the name may hold anything, so fields count from its last parenthesis.
    private static func parent(of process: pid_t) -> pid_t? {
        let text = String(decoding: read("/proc/\(process)/stat"), as: UTF8.self)
        guard let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        return fields.count > 1 ? pid_t(fields[1]) : nil
    }

    private static func read(_ path: String) -> [UInt8] {
        (try? FilePath(path).contents()) ?? []
    }
}
