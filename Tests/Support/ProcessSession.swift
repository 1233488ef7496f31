import Foundation
import Glibc
import Synchronization

/// The processes of one session, found in /proc: mpirun puts each rank into a group of its own, but never out of its
/// session, so this finds exactly what a launch started.
enum ProcessSession {
    static func members(of session: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { isAlive($0, in: session) }
    }

    /// Reads `pid (name) state ppid pgrp session ...`; the name may hold anything, so fields count from its last `)`.
    private static func isAlive(_ process: pid_t, in session: pid_t) -> Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return false }
        let text = String(decoding: data, as: UTF8.self)
        guard let close = text.lastIndex(of: ")") else { return false }
        let fields = text[text.index(after: close)...].split(separator: " ")
        return fields.count > 3 && fields[0] != "Z" && fields[0] != "X" && fields[3] == "\(session)"
    }
}

/// Remembers the session that a launch opened and ends what is left of it.
final class SessionBox: Sendable {
    private let storage = Mutex<pid_t?>(nil)

    var process: pid_t? {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }

    func endAll() {
        guard let process else { return }
        for member in ProcessSession.members(of: process) { kill(member, SIGKILL) }
    }
}
