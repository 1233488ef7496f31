import Testing

@testable import Sweeps

@Suite struct SweepGridTests {
    @Test func strongScalingKeepsTheSequences() {
        let grid = SweepGrid(ranks: [4, 1], threads: [2], sequences: [1, 8], microbatches: [nil, 3])
        #expect(grid.points.count == 8)
        #expect(grid.points.map(\.ranks) == [1, 1, 1, 1, 4, 4, 4, 4])
        #expect(Set(grid.points.map(\.sequences)) == [1, 8])
        #expect(grid.points[0].microbatches == nil && grid.points[2].microbatches == 3)
    }

    @Test func weakScalingGrowsThem() {
        let grid = SweepGrid(ranks: [1, 2, 3], threads: [1], sequences: [1, 4], scaling: .weak)
        #expect(grid.points.map(\.sequences) == [1, 4, 2, 8, 3, 12])
    }

    @Test func noPointComesTwice() {
        let grid = SweepGrid(ranks: [1, 2], threads: [1], sequences: [1, 2], scaling: .both)
        #expect(grid.points.map(\.sequences) == [1, 2, 1, 2, 4])
        #expect(Set(grid.points).count == grid.points.count)
    }

    @Test func aPointIsABenchCommand() {
        var definition = SweepDefinition.example
        definition.passedOn = ["--kv-type", "q8_0"]
        let words = definition.benchArguments(SweepPoint(ranks: 2, threads: 3, sequences: 4, microbatches: 5))
        #expect(
            words == [
                "bench", "--json", "--model", "m.gguf", "--prompt-tokens", "16", "--generate-tokens", "8",
                "--repetitions", "2", "--threads", "3", "--sequences", "4", "--microbatches", "5", "--kv-type", "q8_0",
            ])
    }

    @Test func differencesHaveNames() {
        let one = SweepDefinition.example
        #expect(one.difference(from: one) == nil)
        var other = one
        other.grid.sequences = [1, 16]
        #expect(other.difference(from: one) == "--sequences is 1,2 there and 1,16 here")
        other = one
        other.passedOn = ["--kv-type", "f32"]
        #expect(other.difference(from: one) == "what is passed on is nothing there and --kv-type f32 here")
    }
}

extension SweepDefinition {
    /// A small sweep.
    static let example = SweepDefinition(
        version: "0.1.0", model: "m.gguf", hostfile: nil, promptTokens: 16, generateTokens: 8, repetitions: 2,
        grid: SweepGrid(ranks: [1, 2], threads: [1], sequences: [1, 2]), passedOn: [])
}
