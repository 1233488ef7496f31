import FoundationEssentials
import Glibc

/// A rank of this launch that is a process of this machine.
struct LocalRank {
    let rank: Int
    let process: pid_t
    /// Whether a signal or a debugger has stopped it.
    let isStopped: Bool

    /// All of them, in the order of their ranks; none where the launcher does not name its job.
    static var all: [LocalRank] {
        guard let job = getenv("PMIX_NAMESPACE"), let program = program(of: "self") else { return [] }
        let mark = "PMIX_NAMESPACE=\(String(cString: job))"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { name in
            pid_t(name).flatMap { LocalRank(process: $0, mark: mark, program: program) }
        }.sorted { $0.rank < $1.rank }
    }

    private init?(process: pid_t, mark: String, program: String) {
        let folder = "/proc/\(process)"
        // Shells around a rank share its variables.
        guard Self.program(of: "\(process)") == program, let environment = SystemFile.read("\(folder)/environ"),
            let status = SystemFile.read("\(folder)/stat")
        else { return nil }
        let variables = environment.split(separator: "\0")
        let label = "PMIX_RANK="
        guard variables.contains(where: { $0 == mark }),
            let rank = variables.first(where: { $0.hasPrefix(label) }).flatMap({ Int($0.dropFirst(label.count)) })
        else { return nil }
        // "pid (name) state": the name may hold anything.
        let state = status.split(separator: ")").last?.first { $0 != " " }
        self.rank = rank
        self.process = process
        isStopped = state == "T" || state == "t"
    }

    private static func program(of process: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")
    }
}
