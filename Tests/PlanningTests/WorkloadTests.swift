import Testing

@testable import Planning

@Suite("Work decides how much the head weighs")
struct WorkloadTests {
    /// SmolLM2's proportions: a head as heavy as eight of thirty layers.
    private let costs = LayerCosts(layers: Array(repeating: 100, count: 30), head: 800)

    private func layersOfRankZero(prompt: Int, generate: Int, sequences: Int = 1) throws -> Int {
        let work = Workload(promptTokens: prompt, generateTokens: generate, sequences: sequences, chunk: 128)
        return try Partition(balancing: costs.weighted(for: work, ranks: 2), ranks: 2).layerCounts[0]
    }

    @Test("Decode counts the head whole, prefill hardly at all")
    func extremes() throws {
        #expect(try layersOfRankZero(prompt: 1, generate: 1000) == 11)
        #expect(try layersOfRankZero(prompt: 2048, generate: 2) == 15)
        #expect(try layersOfRankZero(prompt: 16, generate: 256, sequences: 32) == 11)
    }

    @Test("Mixed work lies between")
    func between() throws {
        #expect((12...14).contains(try layersOfRankZero(prompt: 512, generate: 64)))
    }
}
