import Microbatches
import Testing

@testable import Scheduling

@Suite("Microbatches in flight")
struct FlightTests {
    private func rate(stages: Int, sequences: Int, fixed: Double, microbatches: Int?) -> Double {
        let capacity = KVCapacity(slotCount: sequences, contextLength: 4096)
        let limits = SchedulerLimits(
            capacity: capacity, rowCapacity: 512, stageCount: stages, microbatches: microbatches)
        var clock = SimulatedClock(limits, fixed: fixed, sequences: sequences)
        _ = clock.rate(tokens: 10 * sequences)
        return clock.rate(tokens: 40 * sequences)
    }

    @Test(
        "Decoding is as fast as with the number that is best for it",
        arguments: [1, 2, 3, 4], [1, 2, 5, 8, 12, 32, 100])
    func best(stages: Int, sequences: Int) {
        for fixed in [0.5, 8.0, 60.0] {
            let chosen = rate(stages: stages, sequences: sequences, fixed: fixed, microbatches: nil)
            let best = (1...stages + 2).map {
                rate(stages: stages, sequences: sequences, fixed: fixed, microbatches: $0)
            }.max()!
            #expect(chosen > 0.95 * best, "\(chosen) instead of \(best), fixed \(fixed)")
        }
    }

    @Test("Twice as many stages decode many sequences nearly twice as fast where a stage is bound by arithmetic")
    func stagesShareTheWork() {
        // Each of two stages has half the layers, so the same microbatch takes it half the time.
        let one = rate(stages: 1, sequences: 32, fixed: 2, microbatches: nil)
        let two = rate(stages: 2, sequences: 32, fixed: 2, microbatches: nil) * 2
        #expect(two / one > 1.85 && two / one < 2)
    }

    @Test("Another microbatch is in flight where there are rows enough, and the number asked for in any case")
    func number() {
        for (sequences, microbatches, expected) in [(1, nil, 1), (2, nil, 2), (32, nil, 2), (500, nil, 3), (32, 5, 5)] {
            let capacity = KVCapacity(slotCount: sequences, contextLength: 256)
            let limits = SchedulerLimits(
                capacity: capacity, rowCapacity: 512, stageCount: 2, microbatches: microbatches)
            var scheduler = Scheduler(limits)
            for _ in 0..<sequences { _ = scheduler.add(SequenceRequest(tokens: [1], reusesPrefix: false)) }
            while let microbatch = scheduler.schedule() {
                for id in scheduler.returned().sequences { scheduler.append(1, to: id) }
                if microbatch.rowCount == sequences { break }
            }
            var rows: [Int] = []
            while let microbatch = scheduler.schedule() { rows.append(microbatch.rowCount) }
            #expect(rows.count == expected && rows.max()! - rows.min()! <= expected, "\(rows)")
        }
    }
}
