import Glibc

/// The line that starts a run's ranks: mpirun, its flags, and the program that each rank runs.
public struct LaunchLine: Sendable, Equatable {
    /// mpirun and its flags.
    public let mpirun: [String]
    /// What each rank runs.
    public let program: [String]
    /// What is started: a shell of each rank stands before the program.
    public let command: [String]

    /// All of it, as people type it.
    public var words: [String] { mpirun + program }

    /// - Parameters:
    ///   - hostfile: What `options.hostfile` holds; nil: all ranks on this machine.
    ///   - machine: The one that launches.
    /// - Throws: Where the ports do not suffice.
    public init(_ options: LaunchOptions, _ hostfile: Hostfile?, from machine: LocalMachine) throws(LaunchError) {
        let places = Places(options, hostfile)
        let isSpread = hostfile.map { !$0.hosts.allSatisfy(machine.isNamed) } ?? false
        var line = ["mpirun", "-q"]
        if machine.isRoot { line.append("--allow-run-as-root") }
        line += places.words
        // Ranks that wait for a message without yielding keep the kernel from delivering it where all cores are busy.
        line += Self.parameter("mpi_yield_when_idle", 1)
        if isSpread {
            // A machine that loses power or network is noticed after a minute and a half, not never. Ranks that have
            // work notice it before (--timeout), and can say which it is.
            line += Self.parameter("oob_tcp_keepalive_time", 60) + Self.parameter("oob_tcp_keepalive_intvl", 10)
            line += Self.parameter("oob_tcp_keepalive_probes", 3)
        }
        if let interface = options.interface {
            line += Self.parameter("btl_tcp_if_include", interface) + Self.parameter("oob_tcp_if_include", interface)
        }
        if let ports = options.ports { line += try Self.words(for: ports, ranks: places.count) }
        if let agent = machine.variable("STAGECOACH_SSH") { line += Self.parameter("plm_rsh_agent", agent) }
        mpirun = line + Self.variables(machine.environment) + options.mpiFlags
        let local = isSpread ? machine.deployedProgram : machine.program
        program =
            [options.program ?? machine.variable("STAGECOACH_PROGRAM") ?? local] + options.arguments.prefix(1)
            + (options.model.map { ["--model", $0] } ?? []) + (options.threads.map { ["--threads", "\($0)"] } ?? [])
            + options.arguments.dropFirst()
        command = mpirun + RankShell.words(waitsForTrace: options.takesTrace) + program
    }

    /// Looks for what mpirun would not find, and says badly.
    public func check(_ hostfile: Hostfile?, on machine: LocalMachine) throws(LaunchError) {
        guard machine.finds("mpirun") else { throw .notReady("there is no mpirun here: run scripts/setup") }
        let startsHere = hostfile?.hosts.contains(where: machine.isNamed) ?? true
        guard !startsHere || access(program[0], X_OK) == 0 else {
            throw .notReady(
                "there is no program at \(program[0]): run scripts/build or, for several machines, scripts/deploy "
                    + (hostfile?.path ?? "HOSTFILE"))
        }
    }

    private static func parameter(_ name: String, _ value: some CustomStringConvertible) -> [String] {
        ["--mca", name, "\(value)"]
    }

    /// mpirun and its daemons take every port they are given: they get the first, the ranks share the others.
    private static func words(for ports: LaunchOptions.Ports, ranks: Int?) throws(LaunchError) -> [String] {
        guard ports.first >= 1024, ports.last < 65536, ports.last - ports.first >= ranks ?? 1 else {
            throw .usage(
                "--ports \(ports.first)-\(ports.last) must lie in 1024-65535 and hold one port more than there are ranks"
            )
        }
        return [4, 6].flatMap { family in
            parameter("oob_tcp_dynamic_ipv\(family)_ports", ports.first)
                + parameter("btl_tcp_port_min_v\(family)", ports.first + 1)
                + parameter("btl_tcp_port_range_v\(family)", ports.last - ports.first)
        }
    }

    /// What is set for the program reaches every rank.
    private static func variables(_ environment: [String: String]) -> [String] {
        environment.filter { $0.key.hasPrefix("STAGECOACH_") && !launchersOwn.contains($0.key) }
            .sorted { $0.key < $1.key }
            // A key's value is not for the list of processes.
            .flatMap { ["-x", $0.key == "STAGECOACH_API_KEY" ? $0.key : "\($0.key)=\($0.value)"] }
    }

    private static let launchersOwn: Set<String> = [
        "STAGECOACH_SSH", "STAGECOACH_CACHE", "STAGECOACH_HOSTFILE", "STAGECOACH_PROGRAM",
    ]
}

/// Where ranks go, in the words of mpirun.
private struct Places {
    let words: [String]
    /// How many there are; nil where mpirun counts the sockets.
    let count: Int?

    init(_ options: LaunchOptions, _ hostfile: Hostfile?) {
        let isOnePerHost = options.placement == .nodes
        // Without a file as many as hostfiles/localhost has.
        let slots = hostfile?.slots.count ?? 2
        let placeCount = isOnePerHost ? hostfile?.hosts.count ?? 1 : slots
        count = options.ranks ?? (options.placement == .sockets ? nil : placeCount)
        var words = count.map { ["-np", "\($0)"] } ?? []
        if let hostfile { words += ["--hostfile", hostfile.path] }
        if let count, options.placement != .sockets {
            if let hostfile, hostfile.hosts.count > 1 {
                // mpirun by itself puts the machine it runs on first. Only its sequential mapper keeps a list's order.
                let hosts = hostfile.placement(of: count, onePerHost: isOnePerHost)
                words += ["--host", hosts.joined(separator: ","), "--map-by", "seq"]
            } else if hostfile == nil || count > placeCount {
                words.append("--oversubscribe")
            }
            words += ["--bind-to", "none"]
        } else {
            words += ["--map-by", "ppr:1:socket", "--oversubscribe", "--bind-to", "socket"]
        }
        self.words = words
    }
}
