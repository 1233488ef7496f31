import Clusters
import Planning

extension Cluster {
    /// Every rank's profile and every edge, the same on all ranks.
    ///
    /// - Parameters:
    ///   - effort: a thorough look takes each rank's figures twice, alone and while all of them compute; a quick one only
    ///     the latter.
    ///   - known: what need not be measured; all ranks know of the same hosts, with this rank's memory as it is now.
    ///   - measure: this rank's part; some ranks wait while others run it.
    public func profile(
        _ effort: ProbeEffort, knowing known: KnownProfile? = nil, measure: () throws(Failure) -> HostProfile
    ) throws(Failure) -> ClusterProfile {
        guard size > 1 else {
            let host = if let known = known?.hosts[0] { known.profile } else { try measure() }
            return ClusterProfile(hosts: [host], edges: [.sharedMemory])
        }
        let own = known?.hosts[rank]
        let isUnknown = own == nil
        var alone: HostProfile?
        if effort == .thorough {
            let turns = size <= Self.mostTurns ? size : ranksOnHostAtMost
            let turn = size <= Self.mostTurns ? rank : rankOnHost
            for current in 0..<turns {
                let profile = try agree { () throws(Failure) in current == turn && isUnknown ? try measure() : nil }
                alone = profile ?? alone
            }
        }
        let together = try agree { () throws(Failure) in isUnknown ? try measure() : nil }
        let hosts = try share(
            encoding: own ?? KnownProfile.Host(profile: alone ?? together!, crowded: alone == nil ? nil : together))
        var profile = ClusterProfile(hosts, edges: try edges(knowing: known))
        profile.poolRanksOfHosts()
        profile.shareCaches()
        // What is known was pooled and shared when it was measured.
        if let known { profile.restore(hosts, where: known) }
        return profile
    }

    /// The edge that leads from each rank; all are measured where one is not known.
    private func edges(knowing known: KnownProfile?) throws(Failure) -> [LinkProfile] {
        if let edges = known?.edges, !edges.contains(where: { $0 == nil }) { return edges.map { $0! } }
        return try share(encoding: agree(.messages) { () throws(Failure) in try measureEdge() })
    }

    /// With so many ranks or fewer, each one has all hosts for itself in its turn: some may be of one machine unknowingly.
    private static let mostTurns = 8

    /// This rank's place among those of its host.
    private var rankOnHost: Int { hosts[..<rank].count { $0 == hosts[rank] } }
    private var ranksOnHostAtMost: Int {
        hosts.reduce(into: [:]) { $0[$1, default: 0] += 1 }.values.max()!
    }

    /// The edge from this rank to the next one.
    private func measureEdge() throws(Failure) -> LinkProfile {
        do { return try EdgeProbe(self).measure() } catch { throw Failure(status: 70, message: "\(error)") }
    }
}

extension ClusterProfile {
    fileprivate init(_ hosts: [KnownProfile.Host], edges: [LinkProfile]) {
        let isCrowded = hosts.contains { $0.crowded != nil }
        self.init(
            hosts: hosts.map(\.profile), edges: edges,
            crowdedHosts: isCrowded ? hosts.map { $0.crowded ?? $0.profile } : nil)
    }

    fileprivate mutating func restore(_ hosts: [KnownProfile.Host], where known: KnownProfile) {
        for (rank, host) in hosts.enumerated() where known.hosts[rank] != nil {
            self.hosts[rank] = host.profile
            crowdedHosts?[rank] = host.crowded ?? host.profile
        }
    }
}
