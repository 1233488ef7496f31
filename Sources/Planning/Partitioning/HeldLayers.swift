/// What layers ranks hold already, of a model that would have to travel to them otherwise.
public struct HeldLayers: Sendable {
    /// By rank; nil for ranks that can have any, because they have the model.
    private let ranges: [[Range<Int>]?]

    /// Steps of the search: caches hold a few slices each, and far fewer of them meet.
    private static let mostSteps = 10_000

    public init(_ ranges: [[Range<Int>]?]) { self.ranges = ranges }

    /// Partitions under which nothing has to travel. Ranks that can have any layers share evenly what lies between the others.
    func partitions(layerCount: Int) -> [[Int]] {
        var (found, steps): ([[Int]], Int) = ([], 0)
        extend([], open: 0, from: 0, layerCount, &found, &steps)
        return found
    }

    /// Goes on from `counts`, with `open` ranks after them that share the layers from `position` on with nobody yet.
    private func extend(
        _ counts: [Int], open: Int, from position: Int, _ layerCount: Int, _ found: inout [[Int]], _ steps: inout Int
    ) {
        steps += 1
        guard steps <= Self.mostSteps else { return }
        let rank = counts.count + open
        guard rank < ranges.count else {
            if let end = Self.share(layerCount - position, among: open, isStart: counts.isEmpty) {
                found.append(counts + end)
            }
            return
        }
        guard let held = ranges[rank] else {
            return extend(counts, open: open + 1, from: position, layerCount, &found, &steps)
        }
        for range in held where range.lowerBound >= position && range.upperBound <= layerCount && !range.isEmpty {
            guard let between = Self.share(range.lowerBound - position, among: open, isStart: counts.isEmpty) else {
                continue
            }
            extend(
                counts + between + [range.count], open: 0, from: range.upperBound, layerCount, &found, &steps)
        }
    }

    /// Rank 0, which is at the start, may own no layers; nil where they do not come out.
    private static func share(_ layers: Int, among ranks: Int, isStart: Bool) -> [Int]? {
        guard ranks > 0 else { return layers == 0 ? [] : nil }
        guard layers >= ranks - (isStart ? 1 : 0) else { return nil }
        let counts = (0..<ranks).map { layers / ranks + ($0 < layers % ranks ? 1 : 0) }
        // The remainder goes to the first ones, where only rank 0 can do without.
        return isStart ? counts.sorted() : counts
    }
}

extension PartitionSearch {
    /// The fastest partition that leaves the layers where they are; nil where it would take more than 15 % longer than
    /// `best`, the difference that counts as noise between hosts, or none fits.
    public func best(keeping held: HeldLayers, insteadOf best: Partition) -> Partition? {
        let limit = seconds(best.layerCounts) * LayerSums.tolerance
        let kept = held.partitions(layerCount: best.layerCount).filter(fits).map { ($0, seconds($0)) }
        guard let fastest = kept.min(by: { $0.1 < $1.1 }), fastest.1 <= limit else { return nil }
        return Partition(unchecked: fastest.0)
    }
}
