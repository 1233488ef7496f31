import Microbatches
import Testing

@testable import Scheduling

@Suite("Prompts beside decoding")
struct PrefillFactorTests {
    @Test(
        "The time between tokens stays within the factor of that without prompts",
        arguments: [1, 2, 4], [1, 3, 8, 30])
    func factor(stages: Int, sequences: Int) {
        for factor in [2.0, 3.0] {
            for (fixed, perPosition) in [(4.0, 0.0), (40, 0), (4, 0.003), (40, 0.01)] {
                let capacity = KVCapacity(slotCount: sequences + 4, contextLength: 4096)
                let limits = SchedulerLimits(
                    capacity: capacity, rowCapacity: 512, stageCount: stages, prefillFactor: factor)
                var clock = SimulatedClock(limits, fixed: fixed, perPosition: perPosition, sequences: sequences)
                let before = clock.gap(tokens: 10 * sequences * 10, promptLength: nil)
                let beside = clock.gap(tokens: 10 * sequences * 20, promptLength: 700)
                // Decoded tokens see ever more positions, too.
                let after = clock.gap(tokens: 10 * sequences * 10, promptLength: nil)
                // A prompt that is just complete is a sequence more.
                #expect(
                    beside <= factor * after * 1.03,
                    "\(stages) stages, \(sequences) sequences, fixed \(fixed): \(beside / after) instead of \(factor)")
                // It uses what it may.
                #expect(beside >= factor * before * 0.7, "\(beside / before) of \(factor)")
            }
        }
    }
}
