import Testing

@testable import Planning

@Suite struct BalancingTests {
    @Test func evenLayersSplitEvenly() throws {
        #expect(try counts(layers: 30, head: 0, ranks: 4) == [8, 8, 7, 7])
        #expect(try counts(layers: 30, head: 0, ranks: 1) == [30])
        #expect(try counts(layers: 12, head: 0, ranks: 3) == [4, 4, 4])
    }

    /// A head that costs as much as eight layers.
    @Test func theHeadCountsOnRankZero() throws {
        #expect(try counts(layers: 30, head: 8, ranks: 2) == [11, 19])
        #expect(try counts(layers: 30, head: 8, ranks: 3) == [5, 13, 12])
        #expect(try counts(layers: 30, head: 8, ranks: 4) == [2, 10, 9, 9])
        #expect(try counts(layers: 30, head: 8, ranks: 30) == Array(repeating: 1, count: 30))
        #expect(try counts(layers: 30, head: 1000, ranks: 4) == [1, 10, 10, 9])
    }

    @Test func moreRanksThanLayersAreRefused() {
        for ranks in [0, 31] {
            let error = #expect(throws: PartitionError.self) { try counts(layers: 30, head: 8, ranks: ranks) }
            #expect(error == .tooManyRanks(ranks: ranks, layerCount: 30))
        }
        #expect(
            PartitionError.tooManyRanks(ranks: 31, layerCount: 30).description
                == "31 ranks are too many for a model of 30 layers: run 30 or fewer")
    }

    /// No other split has a cheaper slowest stage: checked against all of them.
    @Test func noSplitIsBetter() throws {
        var state: UInt32 = 1
        func random(_ below: Int) -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int(state >> 8) % below
        }
        for _ in 0..<400 {
            let layers = (0..<(1 + random(9))).map { _ in random(4) == 0 ? 0 : random(50) }
            let costs = LayerCosts(layers: layers, head: random(120))
            for ranks in 1...layers.count {
                let partition = try Partition(balancing: costs, ranks: ranks)
                #expect(partition.rankCount == ranks && partition.layerCount == layers.count)
                #expect(partition.layerCounts.allSatisfy { $0 >= 1 })
                let best = splits(of: layers.count, into: ranks).map { costs.slowest(Partition(unchecked: $0)) }.min()
                #expect(costs.slowest(partition) == best, "\(costs) \(partition)")
            }
        }
    }

    private func counts(layers: Int, head: Int, ranks: Int) throws -> [Int] {
        let costs = LayerCosts(layers: Array(repeating: 1000, count: layers), head: head * 1000)
        return try Partition(balancing: costs, ranks: ranks).layerCounts
    }

    private func splits(of count: Int, into parts: Int) -> [[Int]] {
        if parts == 1 { return [[count]] }
        return (1...(count - parts + 1)).flatMap { first in
            splits(of: count - first, into: parts - 1).map { [first] + $0 }
        }
    }
}

extension LayerCosts {
    fileprivate func slowest(_ partition: Partition) -> Int { stages(of: partition).max() ?? 0 }
}
