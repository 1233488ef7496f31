import FoundationEssentials

extension ClusterFile {
    /// The file that says what was measured of a cluster.
    public init(_ cluster: ClusterProfile) {
        let names = cluster.hosts.map(\.name)
        hosts = []
        for (rank, profile) in cluster.hosts.enumerated() {
            if let known = hosts.firstIndex(where: { $0.host == profile.name }) {
                hosts[known].ranks! += 1
                continue
            }
            var host = Host(host: profile.name)
            host.ranks = 1
            host.measured = profile
            host.crowded = cluster.crowdedHosts?[rank]
            hosts.append(host)
        }
        links = cluster.edges.enumerated().map { rank, edge in
            var link = Link()
            (link.from, link.to) = (names[rank], names[(rank + 1) % names.count])
            link.delayMicroseconds = edge.delay * 1e6
            link.gigabitsPerSecond = edge.bandwidth * 8e-9
            return link
        }
    }

    /// The file's bytes.
    public var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            return try Array(encoder.encode(self)) + [UInt8(ascii: "\n")]
        }
    }
}
