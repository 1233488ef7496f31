import Testing

@testable import Planning

@Suite struct HeldLayersTests {
    @Test func slicesThatMeetMakePartitions() {
        let two = HeldLayers([nil, [10..<30, 15..<30, 10..<20]])
        #expect(Set(two.partitions(layerCount: 30)) == [[10, 20], [15, 15]])
        let three = HeldLayers([nil, [10..<20, 8..<15], [15..<30, 21..<30]])
        #expect(three.partitions(layerCount: 30) == [[8, 7, 15]])
        #expect(HeldLayers([nil, []]).partitions(layerCount: 30).isEmpty)
    }

    /// Ranks that have the model share what is left, and only rank 0 may own nothing.
    @Test func othersShareTheRest() {
        #expect(HeldLayers([nil, [20..<30], nil]).partitions(layerCount: 40) == [[20, 10, 10]])
        #expect(HeldLayers([nil, [20..<30], nil]).partitions(layerCount: 30).isEmpty)
        #expect(HeldLayers([nil, [0..<30]]).partitions(layerCount: 30) == [[0, 30]])
        #expect(HeldLayers([nil, nil, [1..<30]]).partitions(layerCount: 30) == [[0, 1, 29]])
    }

    /// Many slices in many caches take no longer than the steps that are allowed.
    @Test func searchEnds() {
        let all = (0..<64).flatMap { low in (low + 1...64).map { low..<$0 } }
        _ = HeldLayers([nil] + Array(repeating: all, count: 32)).partitions(layerCount: 64)
    }

    @Test func keptUnlessItCostsTooMuch() throws {
        let hosts = ["a", "b"].map {
            HostProfile(name: $0, threads: 1, memoryBytes: nil, readBandwidth: 20e9, integerRate: 200e9)
        }
        let request = PlanRequest(
            ModelShape(known: "llama-2-7b", type: .q4_0)!,
            on: ClusterProfile(hosts: hosts, edges: [.sharedMemory, .sharedMemory]), context: 1024, promptTokens: 512,
            generateTokens: 64, sequences: [64])
        let estimate = PipelineEstimate(
            request.workload(64), on: request.cluster, costs: request.costs, microbatches: nil)
        let search = PartitionSearch(estimate, on: request.cluster, demand: request.demand)
        let best = try #require(search.best())
        #expect(best.layerCounts == [16, 16] || best.layerCounts == [15, 17])
        func kept(_ range: Range<Int>) -> [Int]? {
            search.best(keeping: HeldLayers([nil, [range]]), insteadOf: best)?.layerCounts
        }
        #expect(kept(17..<32) == [17, 15])
        #expect(kept(4..<32) == nil)
    }
}
