extension ClusterFile {
    /// The hosts of the file, one entry for each rank; `*` is none.
    public var rankHosts: [String] {
        hosts.filter { $0.host != "*" }.flatMap { Array(repeating: $0.host, count: $0.ranks ?? 1) }
    }

    /// What the file says of the hosts of all ranks.
    ///
    /// - Parameters:
    ///   - names: The host of each rank; several ranks of a host share its cores, memory and rates.
    ///   - assumed: Stands in for what neither the host's entry nor that of `*` tells.
    public func profile(of names: [String], assuming assumed: HostProfile?) throws(ClusterFileError) -> ClusterProfile {
        var ranksOf: [String: Int] = [:]
        for name in names { ranksOf[name, default: 0] += 1 }
        var profiles: [HostProfile] = []
        for name in names { profiles.append(try host(name, sharedBy: ranksOf[name]!, assumed)) }
        let edges = names.indices.map { edge(from: names[$0], to: names[($0 + 1) % names.count]) }
        return ClusterProfile(hosts: profiles, edges: edges)
    }

    /// The same; what the file leaves out is as on the machine that `measure` tells of, which takes its time and is asked
    /// only where something is left out.
    ///
    /// - Returns: also whether it was asked.
    public func profile(
        of names: [String], measuring measure: () throws -> HostProfile
    ) throws -> (profile: ClusterProfile, isAssumed: Bool) {
        do { return (try profile(of: names, assuming: nil), false) } catch ClusterFileError.unknown {
            return (try profile(of: names, assuming: measure()), true)
        }
    }

    func host(
        _ name: String, sharedBy ranks: Int, _ assumed: HostProfile?
    ) throws(ClusterFileError) -> HostProfile {
        let entries = [name, "*"].compactMap { name in hosts.first { $0.host == name } }
        func figure<Value>(_ path: KeyPath<Host, Value?>) -> Value? {
            entries.lazy.compactMap { $0[keyPath: path] }.first
        }
        if var measured = figure(\.measured) {
            measured.name = name
            return measured
        }
        let share = Double(ranks)
        let bandwidth = figure(\.readGigabytesPerSecond).map { $0 * 1e9 / share }
        let rate = figure(\.gigaopsPerSecond).map { $0 * 1e9 / share }
        let floats = figure(\.floatGigaopsPerSecond).map { $0 * 1e9 / share }
        let memory = figure(\.memoryGib).map { Int($0 * 0x1p30 / share) }
        let cores = figure(\.cores).map { max(1, $0 / ranks) }
        if bandwidth == nil, rate == nil, floats == nil, var profile = assumed {
            profile.name = name
            profile.threads = cores ?? profile.threads
            profile.memoryBytes = memory ?? profile.memoryBytes
            return profile
        }
        guard let bandwidth = bandwidth ?? assumed?.readBandwidth else {
            throw .unknown(host: name, figure: "read_gigabytes_per_second")
        }
        guard let rate = rate ?? assumed?.integerRate else { throw .unknown(host: name, figure: "gigaops_per_second") }
        return HostProfile(
            name: name, threads: cores ?? assumed?.threads ?? 1, memoryBytes: memory ?? assumed?.memoryBytes,
            readBandwidth: bandwidth, integerRate: rate, floatRate: floats)
    }

    /// The link that names both ends, else the one that names none; inside a host its memory, unless it is named.
    private func edge(from: String, to: String) -> LinkProfile {
        let fallback: LinkProfile = from == to ? .sharedMemory : .gigabitEthernet
        return link(from: from, to: to, assuming: fallback) ?? fallback
    }

    /// The same; nil where no link stands for it.
    func link(from: String, to: String, assuming fallback: LinkProfile) -> LinkProfile? {
        let links = links ?? []
        let named = links.first { $0.from == from && $0.to == to }
        let standard = links.first { $0.from == nil && $0.to == nil }
        guard let link = named ?? (from == to ? nil : standard) else { return nil }
        return LinkProfile(
            delay: (link.delayMicroseconds ?? standard?.delayMicroseconds).map { $0 / 1e6 } ?? fallback.delay,
            bandwidth: (link.gigabitsPerSecond ?? standard?.gigabitsPerSecond).map { $0 * 1e9 / 8 }
                ?? fallback.bandwidth)
    }
}
