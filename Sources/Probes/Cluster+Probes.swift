import Clusters
import MPI
import Planning

extension Cluster {
    /// Every rank's profile and every edge, the same on all ranks.
    ///
    /// - Parameter effort: a thorough look takes each rank's figures twice, alone and while all of them compute; a quick one
    ///   only the latter.
    /// - Parameter measure: this rank's part; some ranks wait while others run it.
    public func profile(
        _ effort: ProbeEffort, measure: () throws(Failure) -> HostProfile
    ) throws(Failure) -> ClusterProfile {
        guard size > 1 else { return ClusterProfile(hosts: [try measure()], edges: [.sharedMemory]) }
        var alone: [HostProfile]?
        if effort == .thorough {
            let turns = size <= Self.mostTurns ? size : ranksOnHostAtMost
            let turn = size <= Self.mostTurns ? rank : rankOnHost
            var own: HostProfile?
            for current in 0..<turns {
                let profile = try agree { () throws(Failure) in current == turn ? try measure() : nil }
                own = profile ?? own
            }
            alone = try share(encoding: own!)
        }
        let together = try share(encoding: agree(measure))
        let edges = try share(encoding: agree { () throws(Failure) in try measureEdge() })
        var profile = ClusterProfile(
            hosts: alone ?? together, edges: edges, crowdedHosts: alone == nil ? nil : together)
        profile.poolRanksOfHosts()
        profile.shareCaches()
        return profile
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
        do { return try withWorld { world throws(MPIError) in try EdgeProbe(world).measure() } } catch {
            throw Failure(status: 70, message: "\(error)")
        }
    }
}
