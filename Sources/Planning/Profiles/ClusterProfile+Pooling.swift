extension ClusterProfile {
    /// Gives ranks of one host that have as many threads the best figures of any of them: they are equal, and what was
    /// measured apart is noise, which only ever makes a machine look slower.
    public mutating func poolRanksOfHosts() {
        hosts = Self.pooled(hosts)
        crowdedHosts = crowdedHosts.map(Self.pooled)
    }

    /// Ranks of one host share its last-level cache. Where it was measured while all of them read, they did.
    public mutating func shareCaches() {
        if crowdedHosts != nil { hosts = Self.sharing(hosts) }
    }

    private static func sharing(_ profiles: [HostProfile]) -> [HostProfile] {
        let counts = profiles.reduce(into: [:]) { $0[$1.name, default: 0] += 1 }
        return profiles.map { profile in
            var own = profile
            own.cache = profile.cache?.divided(among: counts[profile.name]!)
            return own
        }
    }

    private static func pooled(_ profiles: [HostProfile]) -> [HostProfile] {
        profiles.map { profile in
            profiles.reduce(profile) { best, other in
                other.name == profile.name && other.threads == profile.threads ? best.bettered(by: other) : best
            }
        }
    }
}

extension HostProfile {
    /// With the better one of each figure; memory stays.
    fileprivate func bettered(by other: HostProfile) -> HostProfile {
        var best = self
        best.readBandwidth = max(readBandwidth, other.readBandwidth)
        best.integerRate = max(integerRate, other.integerRate)
        best.floatRate = max(floatRate, other.floatRate)
        for (index, mine) in weightCurves.enumerated() {
            for theirs in other.weightCurves where theirs.type == mine.type && theirs.columns == mine.columns {
                best.weightCurves[index].curve = mine.curve.bettered(by: theirs.curve)
                best.weightCurves[index].cached =
                    mine.cached.map { $0.bettered(by: theirs.cached ?? $0) } ?? theirs.cached
            }
        }
        best.cache = cache.map { $0.bettered(by: other.cache ?? $0) } ?? other.cache
        best.attentionSeconds = min(attentionSeconds, other.attentionSeconds)
        best.cachedSeconds = cachedSeconds.map { min($0, other.cachedSeconds ?? $0) }
        best.elementSeconds = min(elementSeconds, other.elementSeconds)
        best.barrierSeconds = min(barrierSeconds, other.barrierSeconds)
        return best
    }
}

extension RowCurve {
    fileprivate func bettered(by other: RowCurve) -> RowCurve {
        RowCurve(points.map { Point(rows: $0.rows, seconds: min($0.seconds, other.seconds($0.rows))) })
    }
}
