/// The hosts of a run in the order of their ranks, and the edges between them.
public struct ClusterProfile: Sendable, Equatable, Codable {
    public var hosts: [HostProfile]
    /// Edge i leads from rank i to rank i + 1, the last one back to rank 0; one for each host.
    public var edges: [LinkProfile]
    /// The hosts as they are while all ranks compute at once, where that is known: ranks of one machine share its memory.
    public var crowdedHosts: [HostProfile]?

    /// - Precondition: As many edges as hosts, and at least one.
    public init(hosts: [HostProfile], edges: [LinkProfile], crowdedHosts: [HostProfile]? = nil) {
        precondition(hosts.count == edges.count && !hosts.isEmpty)
        self.hosts = hosts
        self.edges = edges
        self.crowdedHosts = crowdedHosts
    }

    public var rankCount: Int { hosts.count }
}
