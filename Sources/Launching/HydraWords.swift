/// What hydra is told, the mpiexec of MPICH and, with words of its own, of Intel MPI. It passes the variables on by itself.
enum HydraWords {
    static func words(for demand: LaunchDemand, isIntel: Bool) -> [String] {
        var words = demand.rankCount.map { ["-n", "\($0)"] } ?? []
        // It would reach this machine by ssh too, where it is named.
        if demand.isSpread, let hostfile = demand.hostfile { words += ["-hosts", hosts(demand, hostfile)] }
        words += binding(demand, isIntel)
        if let interface = demand.interface {
            words += ["-iface", interface]
            // What the ranks themselves take: UCX or libfabric, whichever the library was built with.
            words += variable("UCX_NET_DEVICES", interface) + variable("FI_TCP_IFACE", interface)
        }
        // Like rsh an agent is called with a host and a line for its shell; ssh is given flags before.
        if let agent = demand.agent { words += ["-launcher", "rsh", "-launcher-exec", agent] }
        return words + demand.flags
    }

    /// What it cannot be told, in a sentence.
    static func refusal(of demand: LaunchDemand) -> LaunchError? {
        if demand.ports != nil {
            return .usage(
                "--ports is for Open MPI; MPICH and Intel MPI take the variable MPIEXEC_PORT_RANGE=FIRST:LAST")
        }
        if demand.interface?.contains("/") == true {
            return .usage("--interface takes a name, like eth0, with MPICH and Intel MPI, not a range of addresses")
        }
        if demand.rankCount == nil {
            return .usage("--per-socket needs --np with MPICH and Intel MPI: the number of sockets of all machines")
        }
        return nil
    }

    /// Ranks follow the list, and begin again at its top where there are more of them.
    private static func hosts(_ demand: LaunchDemand, _ hostfile: Hostfile) -> String {
        let isOnePerHost = demand.placement == .nodes
        return hostfile.hosts.map { host in
            isOnePerHost ? "\(host):1" : "\(host):\(hostfile.slots.count { $0 == host })"
        }.joined(separator: ",")
    }

    private static func binding(_ demand: LaunchDemand, _ isIntel: Bool) -> [String] {
        let isBySocket = demand.placement == .sockets
        if isIntel { return isBySocket ? variable("I_MPI_PIN_DOMAIN", "socket") : variable("I_MPI_PIN", "0") }
        return isBySocket ? ["-bind-to", "socket", "-map-by", "socket"] : ["-bind-to", "none"]
    }

    private static func variable(_ name: String, _ value: String) -> [String] { ["-genv", name, value] }
}
