/// What Open MPI 4 is told, in its words.
enum OpenMPI4Words {
    static func words(for demand: LaunchDemand) -> [String] {
        var words = demand.isRoot ? ["--allow-run-as-root"] : []
        words += places(demand)
        // Ranks that wait for a message without yielding keep the kernel from delivering it where all cores are busy.
        words += parameter("mpi_yield_when_idle", 1)
        if demand.isSpread { words += machines(demand) }
        if let interface = demand.interface {
            words += parameter("btl_tcp_if_include", interface) + parameter("oob_tcp_if_include", interface)
        }
        if let ports = demand.ports { words += Self.ports(ports) }
        if let agent = demand.agent { words += parameter("plm_rsh_agent", agent) }
        words += demand.variables.flatMap { variable in
            ["-x", variable.value.map { "\(variable.name)=\($0)" } ?? variable.name]
        }
        return words + demand.flags
    }

    private static func places(_ demand: LaunchDemand) -> [String] {
        var words = demand.rankCount.map { ["-np", "\($0)"] } ?? []
        if let hostfile = demand.hostfile, hostfile.isAsOpenMPIReads { words += ["--hostfile", hostfile.path] }
        guard let count = demand.rankCount, demand.placement != .sockets else {
            return words + slots(demand) + ["--map-by", "ppr:1:socket", "--oversubscribe", "--bind-to", "socket"]
        }
        if let hosts = demand.hosts {
            // mpirun by itself puts the machine it runs on first. Only its sequential mapper keeps a list's order.
            words += ["--host", hosts.joined(separator: ","), "--map-by", "seq"]
        } else {
            words += slots(demand)
            if demand.hostfile == nil || count > demand.placeCount { words.append("--oversubscribe") }
        }
        return words + ["--bind-to", "none"]
    }

    /// What a hostfile says that mpirun would read otherwise.
    private static func slots(_ demand: LaunchDemand) -> [String] {
        guard let hostfile = demand.hostfile, !hostfile.isAsOpenMPIReads else { return [] }
        let hosts = hostfile.hosts.map { host in "\(host):\(hostfile.slots.count { $0 == host })" }
        return ["--host", hosts.joined(separator: ",")]
    }

    /// What several machines need.
    private static func machines(_ demand: LaunchDemand) -> [String] {
        // A machine that loses power or network is noticed after a minute and a half, not never. Ranks that have
        // work notice it before (--timeout), and can say which it is.
        var words = parameter("oob_tcp_keepalive_time", 60) + parameter("oob_tcp_keepalive_intvl", 10)
        words += parameter("oob_tcp_keepalive_probes", 3)
        if demand.hasFullNames {
            // Without it node1.lab is node1, which may be nobody, and worker.1 and worker.2 are one machine.
            words += parameter("orte_keep_fqdn_hostnames", 1)
        }
        if demand.asksOnlySSH {
            // A question of ssh would be seen by nobody and wait for ever.
            words += parameter("plm_rsh_args", "-o BatchMode=yes -o ConnectTimeout=10")
        }
        return words
    }

    /// mpirun and its daemons take every port they are given: they get the first, the ranks share the others.
    private static func ports(_ ports: LaunchOptions.Ports) -> [String] {
        [4, 6].flatMap { family in
            parameter("oob_tcp_dynamic_ipv\(family)_ports", ports.first)
                + parameter("btl_tcp_port_min_v\(family)", ports.first + 1)
                + parameter("btl_tcp_port_range_v\(family)", ports.last - ports.first)
        }
    }

    private static func parameter(_ name: String, _ value: some CustomStringConvertible) -> [String] {
        ["--mca", name, "\(value)"]
    }
}
