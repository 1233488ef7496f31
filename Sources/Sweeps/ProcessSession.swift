import Glibc

/// The processes of one session, found in /proc: mpirun puts each rank into a group of its own, but never out of its
/// session, so this finds exactly what a launch started on this machine.
enum ProcessSession {
    /// Ends what is left of a session.
    static func kill(_ session: pid_t) {
        for process in members(of: session) { _ = Glibc.kill(process, SIGKILL) }
    }

    private static func members(of session: pid_t) -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var members: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let process = pid_t(name), process != getpid(), getsid(process) == session { members.append(process) }
        }
        return members
    }
}
