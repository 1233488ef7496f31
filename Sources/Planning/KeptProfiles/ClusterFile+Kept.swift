/// What was measured at earlier starts, in the form of a cluster file, the newest first.
extension ClusterFile {
    /// Figures are taken for so long, in seconds: a week. Machines change without telling.
    public static let keptSeconds = 7 * 24 * 3600
    /// More entries are not kept.
    static let mostKept = 1000

    /// What the file knows of these ranks, under just these conditions and not too long ago.
    ///
    /// - Parameter now: Seconds since 1970.
    public func known(_ sites: [RankSite], _ work: ProbedWork, effort: String, now: Int) -> KnownProfile {
        var known = KnownProfile.nothing(rankCount: sites.count)
        func isFresh(_ time: Int?) -> Bool { time.map { (0...Self.keptSeconds).contains(now - $0) } ?? false }
        for (rank, site) in sites.enumerated() {
            let conditions = sites.conditions(of: rank, work, effort: effort)
            let entry = hosts.first {
                $0.host == site.host && $0.conditions == conditions && $0.measured?.threads == site.threads
                    && isFresh($0.measuredAt)
            }
            if let entry, let profile = entry.measured {
                known.hosts[rank] = .init(profile: profile, crowded: entry.crowded)
                known.note(entry.measuredAt)
            }
            let link = links?.first {
                $0.from == site.host && $0.to == sites[(rank + 1) % sites.count].host
                    && $0.conditions == sites.linkConditions(from: rank) && isFresh($0.measuredAt)
            }
            if let link, let delay = link.delayMicroseconds, let bandwidth = link.gigabitsPerSecond {
                known.edges[rank] = LinkProfile(delay: delay * 1e-6, bandwidth: bandwidth * 0.125e9)
                known.note(link.measuredAt)
            }
        }
        return known
    }

    /// Takes down what was measured of hosts and links that were not known.
    public mutating func keep(
        _ profile: ClusterProfile, beyond known: KnownProfile, _ sites: [RankSite], _ work: ProbedWork, effort: String,
        now: Int
    ) {
        let measured = ClusterFile(profile)
        for rank in sites.indices where known.hosts[rank] == nil {
            var host = Host(host: sites[rank].host)
            host.measured = profile.hosts[rank]
            host.crowded = profile.crowdedHosts?[rank]
            host.conditions = sites.conditions(of: rank, work, effort: effort)
            host.measuredAt = now
            hosts.removeAll {
                $0.host == host.host && $0.conditions == host.conditions
                    && $0.measured?.threads == host.measured?.threads
            }
            hosts.insert(host, at: 0)
        }
        var links = links ?? []
        for rank in sites.indices where known.edges[rank] == nil {
            var link = measured.links![rank]
            link.conditions = sites.linkConditions(from: rank)
            link.measuredAt = now
            links.removeAll { $0.from == link.from && $0.to == link.to && $0.conditions == link.conditions }
            links.insert(link, at: 0)
        }
        self.links = Array(links.prefix(Self.mostKept))
        hosts = Array(hosts.prefix(Self.mostKept))
    }

    /// What the file says of these ranks' hosts and links, under whatever that was measured.
    public func known(_ sites: [RankSite]) throws(ClusterFileError) -> KnownProfile {
        var known = KnownProfile.nothing(rankCount: sites.count)
        let listed = Set(hosts.map(\.host))
        for (rank, site) in sites.enumerated() {
            let next = sites[(rank + 1) % sites.count].host
            known.edges[rank] = link(
                from: site.host, to: next, assuming: site.host == next ? .sharedMemory : .gigabitEthernet)
            guard listed.contains(site.host) || listed.contains("*") else { continue }
            let profile = try host(site.host, sharedBy: sites.count { $0.host == site.host }, nil)
            known.hosts[rank] = .init(profile: profile, crowded: hosts.first { $0.host == site.host }?.crowded)
        }
        return known
    }
}

extension KnownProfile {
    fileprivate mutating func note(_ time: Int?) {
        guard let time else { return }
        oldest = min(oldest ?? time, time)
    }
}
