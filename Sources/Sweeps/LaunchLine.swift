import Hostfiles

/// The line that starts a point's ranks, made as `scripts/launch` makes it: this is for where the program is without it.
public struct LaunchLine: Sendable {
    /// nil: all ranks on this machine.
    public var hostfile: Hostfile?
    /// The program, at the same path on every machine.
    public var program: String
    public var isRoot: Bool
    /// This machine's names.
    public var localNames: Set<String>
    /// This process's variables.
    public var environment: [String: String]

    public init(
        hostfile: Hostfile?, program: String, isRoot: Bool, localNames: Set<String>, environment: [String: String]
    ) {
        self.hostfile = hostfile
        self.program = program
        self.isRoot = isRoot
        self.localNames = localNames
        self.environment = environment
    }

    /// mpirun with its flags, the program and its arguments.
    public func words(ranks: Int, _ arguments: [String]) -> [String] {
        var words = ["mpirun", "-q"]
        if isRoot { words.append("--allow-run-as-root") }
        words += ["-np", "\(ranks)"]
        if let hostfile { words += ["--hostfile", hostfile.path] }
        if let hostfile, hostfile.hosts.count > 1 {
            // mpirun by itself puts the machine it runs on first. Only its sequential mapper keeps the order of a list.
            words += ["--host", hostfile.placement(of: ranks).joined(separator: ","), "--map-by", "seq"]
        } else if ranks > hostfile?.slots.count ?? 0 {
            words.append("--oversubscribe")
        }
        words += ["--bind-to", "none"]
        // Ranks that wait for a message without yielding keep the kernel from delivering it where all cores are busy.
        words += ["--mca", "mpi_yield_when_idle", "1"]
        if isSpread {
            // A machine that loses power or network is noticed after a minute and a half, not never.
            words += ["--mca", "oob_tcp_keepalive_time", "60", "--mca", "oob_tcp_keepalive_intvl", "10"]
            words += ["--mca", "oob_tcp_keepalive_probes", "3"]
        }
        if let agent = environment["STAGECOACH_SSH"] { words += ["--mca", "plm_rsh_agent", agent] }
        let passed = environment.filter { $0.key.hasPrefix("STAGECOACH_") && !Self.ownVariables.contains($0.key) }
        for (name, value) in passed.sorted(by: { $0.key < $1.key }) { words += ["-x", "\(name)=\(value)"] }
        return words + [program] + arguments
    }

    /// Whether ranks run on other machines than this one.
    private var isSpread: Bool {
        hostfile.map { !$0.hosts.isSubset(of: localNames.union(["localhost", "127.0.0.1", "::1"])) } ?? false
    }

    /// Variables that are for who launches, not for ranks; nobody watches a rank of a sweep.
    private static let ownVariables: Set<String> = [
        "STAGECOACH_SSH", "STAGECOACH_CACHE", "STAGECOACH_HOSTFILE", "STAGECOACH_PROGRAM", "STAGECOACH_PROGRESS",
    ]
}

extension [String] {
    /// The words as one types them into a shell.
    public var shellLine: String {
        map { word in
            let isPlain =
                !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                    default: "_./:,=@%+-".utf8.contains(byte)
                    }
                }
            return isPlain
                ? word
                : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }.joined(separator: " ")
    }
}
