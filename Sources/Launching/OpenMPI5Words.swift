/// What Open MPI 5 is told, whose mpirun is PRRTE's.
enum OpenMPI5Words {
    static func words(for demand: LaunchDemand) -> [String] {
        var words = demand.isRoot ? ["--allow-run-as-root"] : []
        words += places(demand)
        // Ranks that wait for a message without yielding keep the kernel from delivering it where all cores are busy.
        words += ["--mca", "mpi_yield_when_idle", "1"]
        if demand.isSpread, demand.hasFullNames { words += parameter("prte_keep_fqdn_hostnames", 1) }
        if demand.isSpread, demand.asksOnlySSH {
            // A question of ssh would be seen by nobody and wait for ever.
            words += parameter("plm_ssh_args", "-o BatchMode=yes -o ConnectTimeout=10")
        }
        if let interface = demand.interface {
            words += ["--mca", "btl_tcp_if_include", interface] + parameter("prte_if_include", interface)
        }
        if let ports = demand.ports { words += Self.ports(ports) }
        if let agent = demand.agent { words += parameter("plm_ssh_agent", agent) }
        words += demand.variables.flatMap { variable in
            ["-x", variable.value.map { "\(variable.name)=\($0)" } ?? variable.name]
        }
        return words + demand.flags
    }

    private static func places(_ demand: LaunchDemand) -> [String] {
        var words = demand.rankCount.map { ["-np", "\($0)"] } ?? []
        if let hostfile = demand.hostfile { words += ["--host", Self.slots(demand.hosts, hostfile)] }
        if demand.rankCount == nil || demand.placement == .sockets {
            return words + ["--map-by", "ppr:1:package:OVERSUBSCRIBE", "--bind-to", "package"]
        }
        // Ranks in the order of the hosts; more of them than slots are no mistake.
        return words + ["--map-by", "slot:OVERSUBSCRIBE", "--bind-to", "none"]
    }

    /// Hosts with as many slots as they are to have ranks.
    private static func slots(_ hosts: [String]?, _ hostfile: Hostfile) -> String {
        let places = hosts ?? hostfile.slots
        return hostfile.hosts.map { host in (host, places.count { $0 == host }) }.filter { $0.1 > 0 }
            .map { "\($0.0):\($0.1)" }.joined(separator: ",")
    }

    /// mpirun and its daemons take the first port, the ranks share the others.
    private static func ports(_ ports: LaunchOptions.Ports) -> [String] {
        [4, 6].flatMap { family in
            parameter("prte_dynamic_ipv\(family)_ports", ports.first) + [
                "--mca", "btl_tcp_port_min_v\(family)", "\(ports.first + 1)",
                "--mca", "btl_tcp_port_range_v\(family)", "\(ports.last - ports.first)",
            ]
        }
    }

    private static func parameter(_ name: String, _ value: some CustomStringConvertible) -> [String] {
        ["--prtemca", name, "\(value)"]
    }
}
