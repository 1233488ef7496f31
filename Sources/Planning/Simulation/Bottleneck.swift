/// What limits a decoding pipeline.
public enum Bottleneck: Sendable, Equatable {
    /// A stage waits for its host's memory.
    case memory(rank: Int)
    /// A stage computes all the time that the others wait for it.
    case arithmetic(rank: Int)
    /// An edge takes most of the time, by its delay or its bandwidth.
    case link(from: Int)
    /// Stages are alike, and most of them wait because there is one microbatch for all.
    case oneMicrobatch(busyShare: Double)

    /// A stage whose part of the time is this many times the others' is slow for its place.
    private static let slowFactor = 1.5
    /// An edge that takes this share of the time is what a run waits for.
    private static let linkShare = 0.4

    init(_ outcome: SimulatedOutcome, _ stages: [StageCost], edges: [LinkProfile]) {
        let perMicrobatch = Double(outcome.microbatches) / outcome.seconds
        let edgeShares = zip(edges, outcome.edgeBusy).map { edge, busy in
            (busy + edge.delay * Double(outcome.microbatches)) / outcome.seconds
        }
        let readShares = stages.map { ($0.readSeconds + $0.headReadSeconds) * perMicrobatch }
        self.init(
            stageShares: outcome.utilization, edgeShares: stages.count > 1 ? edgeShares : [0], readShares: readShares)
    }

    /// - Parameters:
    ///   - stageShares: The share of the time that each stage computes.
    ///   - edgeShares: The share of the time that messages are on each edge; above 1 where several are at once.
    ///   - readShares: The share of the time that each stage would need to read its weights at the read bandwidth.
    public init(stageShares: [Double], edgeShares: [Double], readShares: [Double]) {
        let rank = stageShares.indices.max { stageShares[$0] < stageShares[$1] }!
        let edge = edgeShares.indices.max { edgeShares[$0] < edgeShares[$1] }!
        let (busiest, all) = (stageShares[rank], stageShares.reduce(0, +))
        let others = stageShares.count > 1 ? (all - busiest) / Double(stageShares.count - 1) : 0
        let isSlow = busiest > Self.slowFactor * others
        // Of stages that work one after the other, all edges together may take more than any.
        if edgeShares[edge] > max(busiest, Self.linkShare) || edgeShares.reduce(0, +) > max(all, Self.linkShare) {
            self = .link(from: edge)
        } else if stageShares.count > 1, all < 1.25, !isSlow {
            self = .oneMicrobatch(busyShare: all / Double(stageShares.count))
        } else {
            self = readShares[rank] >= 0.6 * busiest ? .memory(rank: rank) : .arithmetic(rank: rank)
        }
    }

    /// In words, with the hosts' names.
    public func description(_ hosts: [String]) -> String {
        func stage(_ rank: Int) -> String { hosts.count == 1 ? hosts[0] : "rank \(rank) on \(hosts[rank])" }
        switch self {
        case .memory(let rank): return "memory bandwidth of \(stage(rank))"
        case .arithmetic(let rank): return "arithmetic of \(stage(rank))"
        case .link(let from):
            let to = (from + 1) % hosts.count
            return "link \(hosts[from]) -> \(hosts[to]) (rank \(from) to \(to))"
        case .oneMicrobatch(let share):
            return "one microbatch at a time: a stage computes \(Int((share * 100).rounded())) % of the time, "
                + "and more sequences at once would fill the others"
        }
    }
}
