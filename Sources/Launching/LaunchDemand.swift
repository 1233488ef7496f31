/// What a launch wants of a launcher, in nobody's words: which ranks go where, over which network, with what set.
struct LaunchDemand: Sendable, Equatable {
    /// nil: all ranks on this machine.
    let hostfile: Hostfile?
    let placement: LaunchOptions.Placement
    /// How many ranks; nil where the launcher counts the sockets.
    let rankCount: Int?
    /// How many places the machines have; ranks past them begin again at the top.
    let placeCount: Int
    /// Whether another machine than this one takes part.
    let isSpread: Bool
    let isRoot: Bool
    let interface: String?
    let ports: LaunchOptions.Ports?
    /// What starts a launcher's daemon on another machine; nil: ssh.
    let agent: String?
    /// Whether other machines are reached by ssh as it comes: nobody has said more of it.
    let asksOnlySSH: Bool
    /// What is set for the program reaches every rank: names with values, in the order of the names.
    let variables: [Variable]
    /// The user's own words for the launcher.
    let flags: [String]

    struct Variable: Sendable, Equatable {
        let name: String
        /// nil: a value that is not for the list of processes.
        let value: String?
    }

    /// - Parameters:
    ///   - hostfile: What `options.hostfile` holds.
    ///   - machine: The one that launches.
    /// - Throws: Where the ports do not suffice.
    init(_ options: LaunchOptions, _ hostfile: Hostfile?, from machine: LocalMachine) throws(LaunchError) {
        self.hostfile = hostfile
        placement = options.placement
        // Without a file as many as hostfiles/localhost has.
        placeCount = placement == .nodes ? hostfile?.hosts.count ?? 1 : hostfile?.slots.count ?? 2
        rankCount = options.ranks ?? (placement == .sockets ? nil : placeCount)
        isSpread = hostfile.map { !$0.hosts.allSatisfy(machine.isNamed) } ?? false
        isRoot = machine.isRoot
        interface = options.interface
        ports = options.ports
        agent = machine.variable("STAGECOACH_SSH")
        asksOnlySSH =
            agent == nil && !options.mpiFlags.contains(where: Self.namesAgent)
            && !machine.environment.keys.contains(where: Self.namesAgent)
        variables = Self.variables(machine.environment)
        flags = options.mpiFlags
        guard let ports else { return }
        guard ports.first >= 1024, ports.last < 65536, ports.last - ports.first >= rankCount ?? 1 else {
            throw .usage(
                "--ports \(ports.first)-\(ports.last) must lie in 1024-65535 and hold one port more than there are ranks"
            )
        }
    }

    /// Each rank's host where several share the ranks out in the order of the file; nil where the launcher places them.
    var hosts: [String]? {
        guard let hostfile, let rankCount, placement != .sockets, hostfile.hosts.count > 1 else { return nil }
        return hostfile.placement(of: rankCount, onePerHost: placement == .nodes)
    }

    /// Whether a name is more than a first label, and no address.
    var hasFullNames: Bool {
        hostfile?.hosts.contains { host in
            let name = host.split(separator: "@").last ?? ""
            return name.contains(".") && !name.contains(":") && !name.allSatisfy { $0 == "." || $0.isNumber }
        } ?? false
    }

    /// Open MPI's parameters, as variables or among its flags; their first words differ between its versions.
    private static func namesAgent(_ word: String) -> Bool {
        ["rsh_agent", "rsh_args", "ssh_agent", "ssh_args"].contains { word.hasSuffix($0) }
    }

    private static func variables(_ environment: [String: String]) -> [Variable] {
        environment.filter { $0.key.hasPrefix("STAGECOACH_") && !launchersOwn.contains($0.key) }
            .sorted { $0.key < $1.key }
            .map { Variable(name: $0.key, value: $0.key == "STAGECOACH_API_KEY" ? nil : $0.value) }
    }

    private static let launchersOwn: Set<String> = [
        "STAGECOACH_SSH", "STAGECOACH_CACHE", "STAGECOACH_HOSTFILE", "STAGECOACH_PROGRAM",
    ]
}
