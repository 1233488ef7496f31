/// Which decoder layers each rank owns: contiguous ranges in rank order that cover the model. Rank 0, which also holds
/// the output head, may own none; every other rank owns at least one.
public struct Partition: Sendable, Equatable, Codable, CustomStringConvertible {
    /// Layers per rank.
    public let layerCounts: [Int]

    public var rankCount: Int { layerCounts.count }

    /// Layers of the whole model.
    public var layerCount: Int { layerCounts.reduce(0, +) }

    /// As `--partition` takes it: `9,8,8,5`.
    public var description: String { layerCounts.map(String.init).joined(separator: ",") }

    /// The layers that `rank` owns.
    public func layers(of rank: Int) -> Range<Int> {
        let first = layerCounts[..<rank].reduce(0, +)
        return first..<first + layerCounts[rank]
    }

    /// A partition given by hand, checked against the model and the number of ranks that run.
    public init(layerCounts: [Int], ranks: Int, layerCount: Int) throws(PartitionError) {
        let text = layerCounts.map(String.init).joined(separator: ",")
        guard layerCounts.count == ranks else {
            throw .wrongRankCount(text: text, entries: layerCounts.count, ranks: ranks)
        }
        if let count = layerCounts.first(where: { $0 < 0 }) { throw .notANumber(text: text, entry: String(count)) }
        // Counts above the layer count are refused before they are added up: the sum could overflow.
        guard layerCounts.allSatisfy({ $0 <= layerCount }), layerCounts.reduce(0, +) == layerCount else {
            throw .wrongSum(text: text, layerCount: layerCount)
        }
        if let rank = layerCounts.indices.dropFirst().first(where: { layerCounts[$0] == 0 }) {
            throw .emptyRank(text: text, rank: rank)
        }
        self.layerCounts = layerCounts
    }

    /// What `--partition` says: one number per rank, with commas between.
    public init(parsing text: String, ranks: Int, layerCount: Int) throws(PartitionError) {
        var counts: [Int] = []
        for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard entry.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(entry) else {
                throw .notANumber(text: text, entry: String(entry))
            }
            counts.append(count)
        }
        try self.init(layerCounts: counts, ranks: ranks, layerCount: layerCount)
    }

    /// The same number of layers on every rank; the first ones take one more where they do not come out even.
    public init(even layerCount: Int, ranks: Int) throws(PartitionError) {
        guard ranks >= 1, ranks <= layerCount else { throw .tooManyRanks(ranks: ranks, layerCount: layerCount) }
        self.init(unchecked: (0..<ranks).map { layerCount / ranks + ($0 < layerCount % ranks ? 1 : 0) })
    }

    /// A partition that another rank of the same run has found.
    public init(adopting layerCounts: [Int]) { self.init(unchecked: layerCounts) }

    /// For partitions that are right by construction.
    init(unchecked layerCounts: [Int]) { self.layerCounts = layerCounts }
}
