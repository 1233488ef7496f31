import Tensors

/// Under what a host was measured: its figures hold at another start where all of this is the same.
public struct HostConditions: Sendable, Hashable, Codable {
    public var processor: String
    /// Threads of each rank of the machine, ascending: they share its caches and its memory.
    public var threadsOfRanks: [Int]
    public var instructionSet: String
    /// The program that measured.
    public var build: String
    /// What was measured.
    public var work: ProbedWork
    /// How closely.
    public var effort: String
}

/// What of a model decides how its host is measured.
public struct ProbedWork: Sendable, Hashable, Codable {
    /// The kinds of matrices, such as `Q4_0 x 2048` for such weights in rows of 2048 columns, in order.
    public var matrices: [String]
    /// How keys and values are kept.
    public var kvType: String
    public var headDim: Int
    public var queriesPerCachedHead: Int

    public init(_ shape: ModelShape, kvType: ElementType) {
        let kinds = (shape.layers.flatMap(\.matrices) + [shape.head]).map { "\($0.type.name) x \($0.columns)" }
        matrices = Set(kinds).sorted()
        self.kvType = kvType.name
        headDim = shape.headDim
        queriesPerCachedHead = shape.headCount / shape.kvHeadCount
    }
}

/// Under what a link was measured.
public struct LinkConditions: Sendable, Hashable, Codable {
    /// Ranks on the machines of both ends: they share its cores with what the link has to do.
    public var ranksOfEnds: [Int]
    /// The networks that both ends see.
    public var networks: [String]
    public var build: String
}

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
