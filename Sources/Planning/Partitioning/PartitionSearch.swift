/// Finds the partition whose estimated time for some work is the least, for hosts of any speed and memory.
///
/// Under each of many bounds on how long any stage is busy, layers go where they take the least time, as far as bound and
/// memory allow; the best of these partitions is then improved by moving single layers.
public struct PartitionSearch {
    private let estimate: PipelineEstimate
    private let demand: MemoryDemand
    private let memory: [Int?]
    private let layerCount: Int

    /// From one bound to the next.
    private static let step = 1.2
    /// With more ranks single layers matter little, and trying all moves takes long.
    private static let mostImprovedRanks = 128
    private static let mostMoves = 64
    /// A partition is left only for one that is better by this share.
    private static let gain = 0.001

    public init(_ estimate: PipelineEstimate, on cluster: ClusterProfile, demand: MemoryDemand) {
        self.estimate = estimate
        self.demand = demand
        memory = cluster.hosts.map(\.memoryBytes)
        layerCount = demand.shape.layers.count
    }

    /// The best partition for the work, and the search that found it. How many microbatches there are depends on the
    /// partition and the other way round: a few rounds settle it.
    public static func best(
        for workload: Workload, on cluster: ClusterProfile, costs: CostModel, microbatches: Int?, demand: MemoryDemand
    ) -> (partition: Partition, search: PartitionSearch)? {
        var found: (partition: Partition, search: PartitionSearch)?
        for _ in 0..<mostRounds {
            let estimate = PipelineEstimate(
                workload, on: cluster, costs: costs, microbatches: microbatches, around: found?.partition)
            let search = PartitionSearch(estimate, on: cluster, demand: demand)
            guard let next = search.best(), next != found?.partition else { break }
            found = (next, search)
        }
        return found
    }

    private static let mostRounds = 4

    /// nil where no partition with a layer on every rank fits the memory.
    public func best() -> Partition? {
        guard layerCount >= memory.count else { return nil }
        let whole = memory.indices.map { estimate.load($0, layerCount) }.max()!
        var best: (counts: [Int], seconds: Double)?
        var bound = whole / Double(64 * memory.count)
        while bound <= whole * Self.step {
            if let counts = fill(within: bound), fits(counts) {
                let seconds = estimate.seconds(counts)
                if seconds < (best?.seconds ?? .infinity) * (1 - Self.gain) { best = (counts, seconds) }
            }
            bound *= Self.step
        }
        return best.map { Partition(unchecked: improve($0.counts, $0.seconds)) }
    }

    func seconds(_ counts: [Int]) -> Double { estimate.seconds(counts) }

    /// A layer for each rank, and the others one by one to the rank where they take the least time, of equal ones to the
    /// one with the least to do; nil where the bound leaves some over.
    private func fill(within bound: Double) -> [Int]? {
        var counts = Array(repeating: 1, count: memory.count)
        var open = Array(memory.indices)
        for _ in 0..<layerCount - counts.count {
            open.removeAll { rank in
                estimate.load(rank, counts[rank] + 1) > bound || !holds(rank, counts[rank] + 1)
            }
            guard
                let rank = open.min(by: { a, b in
                    let (paceA, paceB) = (estimate.pace(a), estimate.pace(b))
                    return paceA != paceB
                        ? paceA < paceB : estimate.load(a, counts[a] + 1) < estimate.load(b, counts[b] + 1)
                })
            else { return nil }
            counts[rank] += 1
        }
        return counts
    }

    /// Whether a rank holds so many layers of average size.
    private func holds(_ rank: Int, _ count: Int) -> Bool { demand.fits(0..<count, rank: rank, in: memory[rank]) }

    func fits(_ counts: [Int]) -> Bool {
        var first = 0
        for (rank, count) in counts.enumerated() {
            guard demand.fits(first..<first + count, rank: rank, in: memory[rank]) else { return false }
            first += count
        }
        return true
    }

    /// Moves one layer at a time from one rank to another while that saves time.
    private func improve(_ start: [Int], _ seconds: Double) -> [Int] {
        var (counts, seconds) = (start, seconds)
        guard counts.count <= Self.mostImprovedRanks else { return counts }
        for _ in 0..<Self.mostMoves {
            var best: (counts: [Int], seconds: Double)?
            for from in counts.indices where counts[from] > 1 {
                for to in counts.indices where to != from {
                    var moved = counts
                    moved[from] -= 1
                    moved[to] += 1
                    let time = estimate.seconds(moved)
                    if time < (best?.seconds ?? seconds) * (1 - Self.gain), fits(moved) { best = (moved, time) }
                }
            }
            guard let better = best else { break }
            (counts, seconds) = better
        }
        return counts
    }
}
