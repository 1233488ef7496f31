import Microbatches

@testable import Scheduling

/// A pipeline with a simulated clock: a microbatch takes each stage `fixed + rows + perPosition * positions seen` of
/// time.
struct SimulatedClock {
    var scheduler: Scheduler
    let fixed: Double
    let perPosition: Double
    private var now = 0.0
    private var stageFree: [Double]
    private var returns: [Double] = []
    private var lastTokens: [SequenceID: Double] = [:]
    /// Sequences that decode; all others are prompts whose one token is enough.
    private var decoding: Set<SequenceID> = []
    private(set) var gaps: [Double] = []

    init(_ limits: SchedulerLimits, fixed: Double, perPosition: Double = 0, sequences: Int) {
        scheduler = Scheduler(limits)
        self.fixed = fixed
        self.perPosition = perPosition
        stageFree = Array(repeating: 0, count: limits.stageCount)
        for rows in 1...20 {
            let seen = rows * (rows * 37 % 11) * 50
            scheduler.cost.observe(rows: rows, seeing: seen, seconds: cost(rows, seen))
        }
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

    /// Tokens per unit of time while `count` more are decoded.
    mutating func rate(tokens count: Int) -> Double {
        let start = now
        gaps = []
        while gaps.count < count { step() }
        return Double(count) / (now - start)
    }

    private mutating func step() {
        while let first = returns.first, first <= now { takeBack() }
        if let microbatch = scheduler.schedule() {
            let cost = cost(microbatch.rowCount, microbatch.positionsSeen)
            scheduler.cost.observe(rows: microbatch.rowCount, seeing: microbatch.positionsSeen, seconds: cost)
            var time = now
            for stage in stageFree.indices {
                time = max(time, stageFree[stage]) + cost
                stageFree[stage] = time
            }
            now = stageFree[0]
            returns.append(time)
        } else {
            now = max(now, returns[0])
            takeBack()
        }
    }

    private func cost(_ rows: Int, _ seen: Int) -> Double { fixed + Double(rows) + perPosition * Double(seen) }

    private mutating func takeBack() {
        let time = returns.removeFirst()
        let microbatch = scheduler.returned()
        for (span, id) in zip(microbatch.spans, microbatch.sequences) where span.logitRows > 0 {
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
