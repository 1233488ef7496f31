import Microbatches
import Testing

@testable import Scheduling

/// A pipeline with a simulated clock: a microbatch takes each stage `fixed + rows` of time.
private struct SimulatedClock {
    var scheduler: Scheduler
    let fixed: Double
    private var now = 0.0
    private var stageFree: [Double]
    private var returns: [(time: Double, spans: [Span])] = []
    private var lastTokens: [SequenceID: Double] = [:]
    private var microbatch = Microbatch()
    /// Sequences that decode; all others are prompts whose one token is enough.
    private var decoding: Set<SequenceID> = []
    private(set) var gaps: [Double] = []

    init(_ limits: SchedulerLimits, fixed: Double, sequences: Int) {
        scheduler = Scheduler(limits)
        self.fixed = fixed
        stageFree = Array(repeating: 0, count: limits.stageCount)
        for rows in 1...20 { scheduler.cost.observe(rows: rows, seconds: fixed + Double(rows)) }
        for _ in 0..<sequences {
            decoding.insert(scheduler.add(SequenceRequest(tokens: [1], reusesPrefix: false)))
        }
    }

    /// The time between tokens that 95 % of `count` do not exceed, with prompts of `promptLength` always waiting.
    mutating func gap(tokens count: Int, promptLength: Int?) -> Double {
        gaps = []
        while gaps.count < count {
            if let promptLength, scheduler.waitingCount == 0 {
                _ = scheduler.add(
                    SequenceRequest(tokens: Array(repeating: 2, count: promptLength), reusesPrefix: false))
            }
            step()
        }
        return gaps.sorted()[count * 95 / 100]
    }

    private mutating func step() {
        while let first = returns.first, first.time <= now { takeBack() }
        if scheduler.cut(into: &microbatch) {
            let cost = fixed + Double(microbatch.rowCount)
            var time = now
            for stage in stageFree.indices {
                time = max(time, stageFree[stage]) + cost
                stageFree[stage] = time
            }
            now = stageFree[0]
            returns.append((time, microbatch.spans))
        } else {
            now = max(now, returns[0].time)
            takeBack()
        }
    }

    private mutating func takeBack() {
        let (time, spans) = returns.removeFirst()
        for (span, id) in zip(spans, scheduler.returned()) where span.logitRows > 0 {
            guard decoding.contains(id) else {
                scheduler.end(id)
                continue
            }
            if let last = lastTokens[id] { gaps.append(time - last) }
            lastTokens[id] = time
            scheduler.append(1, to: id)
        }
    }
}

@Suite("Prompts beside decoding")
struct PrefillFactorTests {
    @Test(
        "The time between tokens stays within the factor of that without prompts",
        arguments: [1, 2, 4], [1, 3, 8, 30])
    func factor(stages: Int, sequences: Int) {
        for factor in [2.0, 3.0] {
            for fixed in [4.0, 40.0] {
                let capacity = KVCapacity(slotCount: sequences + 4, contextLength: 4096)
                let limits = SchedulerLimits(
                    capacity: capacity, rowCapacity: 512, stageCount: stages, prefillFactor: factor)
                var clock = SimulatedClock(limits, fixed: fixed, sequences: sequences)
                let alone = clock.gap(tokens: 10 * sequences * 10, promptLength: nil)
                let beside = clock.gap(tokens: 10 * sequences * 20, promptLength: 700)
                // A prompt that is just complete is a sequence more.
                #expect(
                    beside <= factor * alone * 1.03,
                    "\(stages) stages, \(sequences) sequences, fixed \(fixed): \(beside / alone) instead of \(factor)")
                // It uses what it may.
                #expect(beside >= factor * alone * 0.7, "\(beside / alone) of \(factor)")
            }
        }
    }
}
