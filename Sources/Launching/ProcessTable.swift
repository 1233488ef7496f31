import Glibc
import Platform
import SystemPackage

/// The processes of this machine, as /proc tells of them.
enum ProcessTable {
    /// The processes that another one started and has not yet buried: mpirun's are the ranks here and an ssh for each of the
    /// other machines.
    static func children(of process: pid_t) -> [pid_t] {
        text("\(process)/task/\(process)/children").split(separator: " ").compactMap { pid_t($0) }
    }

    /// Whether a process was started by a launcher as a rank, or by one that was.
    ///
    /// - Parameter variable: The one that tells that launcher's ranks their number: around it there may be another launcher,
    ///   as a shell of Slurm's is.
    static func isRank(_ process: pid_t, by variable: String) -> Bool {
        let beginning = Array("\(variable)=".utf8)
        return bytes("\(process)/environ").split(separator: 0).contains { $0.starts(with: beginning) }
    }

    static func parent(of process: pid_t) -> pid_t? {
        let fields = state(of: process)
        return fields.count > 1 ? pid_t(fields[1]) : nil
    }

    /// Whether a signal stopped it: SIGSTOP, or the terminal from which a process in the background would read.
    static func isStopped(_ process: pid_t) -> Bool { state(of: process).first == "T" }

    /// Whether it has not ended; who has, and is not buried, has.
    static func isAlive(_ process: pid_t) -> Bool { state(of: process).first.map { $0 != "Z" && $0 != "X" } ?? false }

    /// The words by which it was started.
    static func words(of process: pid_t) -> [String] {
        bytes("\(process)/cmdline").split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The name of its program, cut after 15 bytes.
    static func name(of process: pid_t) -> String { String(text("\(process)/comm").dropLast()) }

    /// A file of lines such as `pos:  12`, by their names.
    static func lines(of process: pid_t, _ file: String) -> [String: String] {
        let pairs = text("\(process)/\(file)").split(separator: "\n").compactMap { line in
            line.firstIndex(of: ":").map { colon in
                (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0.isWhitespace }))
            }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// From `pid (name) state ppid ...`, from the state on; the name may hold anything, so fields count from its last
    /// parenthesis.
    private static func state(of process: pid_t) -> [Substring] {
        let text = text("\(process)/stat")
        return text.lastIndex(of: ")").map { text[text.index(after: $0)...].split(separator: " ") } ?? []
    }

    /// Ends what is left of a session. mpirun puts each rank into a group of its own, but never out of its session, so this
    /// ends exactly what a launch started on this machine.
    static func endSession(_ session: pid_t) {
        guard let folder = opendir("/proc") else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let process = pid_t(name), process != getpid(), getsid(process) == session { kill(process, SIGKILL) }
        }
    }

    private static func text(_ file: String) -> String { String(decoding: bytes(file), as: UTF8.self) }

    /// Nothing where the process has gone, or is not ours to look at.
    private static func bytes(_ file: String) -> [UInt8] { (try? FilePath("/proc/\(file)").contents()) ?? [] }
}
