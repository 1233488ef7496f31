/// Where a rank is, as it tells the others before hosts are measured.
public struct RankSite: Sendable, Equatable, Codable {
    public var host: String
    /// The same for ranks of one machine, whatever hosts it passes for.
    public var machine: String
    public var processor: String
    public var threads: Int
    public var instructionSet: String
    public var build: String
    /// What tells the network apart that the rank's messages take.
    public var network: String

    public init(
        host: String, machine: String, processor: String, threads: Int, instructionSet: String, build: String,
        network: String
    ) {
        self.host = host
        self.machine = machine
        self.processor = processor
        self.threads = threads
        self.instructionSet = instructionSet
        self.build = build
        self.network = network
    }
}

extension [RankSite] {
    /// What decides the figures of a rank's host.
    func conditions(of rank: Int, _ work: ProbedWork, effort: String) -> HostConditions {
        let site = self[rank]
        return HostConditions(
            processor: site.processor, threadsOfRanks: filter { $0.machine == site.machine }.map(\.threads).sorted(),
            instructionSet: site.instructionSet, build: site.build, work: work, effort: effort)
    }

    /// What decides those of the link that leads from a rank to the next.
    func linkConditions(from rank: Int) -> LinkConditions {
        let ends = [self[rank], self[(rank + 1) % count]]
        return LinkConditions(
            ranksOfEnds: ends.map { end in count { $0.machine == end.machine } }, networks: ends.map(\.network),
            build: ends[0].build)
    }
}
