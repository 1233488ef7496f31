import Microbatches
import Testing

@testable import Scheduling

@Suite("Choices from the costs of the stages")
struct RingCostsTests {
    /// Stages that take `fixed + rows`, of which the slowest takes `slowest` times that, and edges that take `hop` each.
    private static func costs(
        stages: Int, fixed: Double, slowest: Double = 1, hop: Double = 0, rows: Int = 128
    ) -> RingCosts {
        let table = (1...rows).map { rows in
            let stage = fixed + Double(rows)
            return RingCosts.Times(
                way: stage * (Double(stages) - 1 + slowest) + hop * Double(stages), pace: stage * slowest)
        }
        return RingCosts(decode: table, prompt: table, position: RingCosts.Times(way: 0, pace: 0))
    }

    @Test("Equal stages without a way between them get a microbatch each", arguments: [2, 8, 32])
    func equal(stages: Int) {
        let costs = Self.costs(stages: stages, fixed: 8)
        #expect(costs.decodingFlight(sequences: 4 * stages, depth: 1) == stages)
        #expect(costs.decodingFlight(sequences: 1, depth: 1) == 1)
    }

    @Test("A long way between stages takes more, a slow stage fewer")
    func uneven() {
        // Microbatches of two rows are 48 in the stages and 80 on the edges.
        #expect(Self.costs(stages: 16, fixed: 1, hop: 5).decodingFlight(sequences: 64, depth: 1) == 32)
        // Three stages and one that takes as long as all three.
        #expect(Self.costs(stages: 4, fixed: 100, slowest: 3).decodingFlight(sequences: 64, depth: 1) == 2)
    }

    @Test("Chunks get smaller with more stages, and are full where reading weights is all, or there is one stage")
    func chunks() {
        let rows = [2, 8, 64].map { Self.costs(stages: $0, fixed: 8).promptRows(tokens: 4096, depth: 0) }
        #expect(rows[0] > rows[1] && rows[1] > rows[2] && rows[2] >= 8, "\(rows)")
        #expect(Self.costs(stages: 4, fixed: 1e6).promptRows(tokens: 4096, depth: 0) == 128)
        #expect(Self.costs(stages: 1, fixed: 8).promptRows(tokens: 4096, depth: 0) == 128)
    }

    @Test("Hardly any other chunk would be better", arguments: [2, 4, 32], [50, 512, 9000])
    func best(stages: Int, tokens: Int) {
        let fixed = 20.0
        func seconds(_ rows: Int) -> Double {
            (fixed + Double(rows)) * Double(stages + (tokens + rows - 1) / rows - 1)
        }
        let chosen = Self.costs(stages: stages, fixed: fixed).promptRows(tokens: tokens, depth: 0)
        let best = stride(from: 8, through: 128, by: 8).map(seconds).min()!
        #expect(seconds(min(chosen, tokens)) < 1.07 * best, "\(chosen)")
    }

    @Test("A scheduler that knows the costs cuts prompts into chunks of that size, or as it is told")
    func cutting() {
        for (fills, expected) in [(false, 16), (true, 128)] {
            let limits = SchedulerLimits(
                capacity: KVCapacity(slotCount: 1, contextLength: 4096), rowCapacity: 128, stageCount: 64,
                costs: Self.costs(stages: 64, fixed: 8), fillsMicrobatches: fills)
            var scheduler = Scheduler(limits)
            _ = scheduler.add(SequenceRequest(tokens: Array(repeating: 1, count: 512), reusesPrefix: false))
            var rows: [Int] = []
            while let microbatch = scheduler.schedule() { rows.append(microbatch.rowCount) }
            #expect(rows.allSatisfy { $0 == rows[0] } && rows[0] <= expected && rows.reduce(0, +) == 512, "\(rows)")
            #expect(fills == (rows[0] == 128))
        }
    }
}
