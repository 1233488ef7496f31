import Microbatches
import Scheduling

/// A run that is only computed: the scheduler that a real run uses cuts microbatches, and stages and links take the time
/// that profiles predict. Rank 0 does what the coordinator does, one thing after the other.
public struct PipelineSimulation {
    private var scheduler: Scheduler
    private var ring: SimulatedRing
    /// Microbatches on the way and when they are back, the oldest first.
    private var flight: [(back: Double, shape: MicrobatchShape)] = []
    private var flightStart = 0
    /// The clock of rank 0.
    private var now = 0.0
    private var generations: [SequenceID: Generation] = [:]
    private var outcome = SimulatedOutcome()
    private var phaseStart = 0.0
    /// Whether sequences stop after their first token until they are resumed.
    private var holdsFirstTokens = false

    private struct Generation {
        let arrival: Double
        var left: Int
        var last: Double?
    }

    public init(_ stages: [StageCost], edges: [LinkProfile], costs: CostModel, limits: SchedulerLimits) {
        scheduler = Scheduler(limits)
        ring = SimulatedRing(stages, edges: edges, costs: costs)
    }

    /// Serves requests, each from its arrival on.
    public mutating func run(_ requests: [SimulatedRequest]) -> SimulatedOutcome {
        begin()
        serve(requests.sorted { $0.arrival < $1.arrival })
        return end()
    }

    /// Computes all prompts and keeps each sequence after its first token; ``decode(on:)`` goes on with them.
    public mutating func prefill(_ requests: [SimulatedRequest]) -> SimulatedOutcome {
        begin()
        holdsFirstTokens = true
        serve(requests)
        holdsFirstTokens = false
        return end()
    }

    /// Generates the tokens after the first of all sequences that ``prefill(_:)`` kept.
    ///
    /// - Parameter stages: What the stages cost from now on.
    public mutating func decode(on stages: [StageCost]) -> SimulatedOutcome {
        ring.setStages(stages)
        begin()
        for id in generations.keys.sorted() {
            generations[id]!.last = now
            scheduler.append(0, to: id)
        }
        serve([])
        return end()
    }

    private mutating func begin() {
        outcome = SimulatedOutcome()
        ring.resetBusy()
        phaseStart = now
    }

    private mutating func end() -> SimulatedOutcome {
        outcome.seconds = now - phaseStart
        outcome.busy = ring.busy
        outcome.edgeBusy = ring.edgeBusy
        return outcome
    }

    private mutating func serve(_ requests: [SimulatedRequest]) {
        var next = 0
        while true {
            while next < requests.count, requests[next].arrival <= now {
                add(requests[next])
                next += 1
            }
            while let oldest = flight[flightStart...].first, oldest.back <= now { collect() }
            if let microbatch = scheduler.schedule() {
                submit(microbatch)
            } else if let wake = [
                flight[flightStart...].first?.back, next < requests.count ? requests[next].arrival : nil,
            ]
            .compactMap({ $0 }).min() {
                now = max(now, wake)
            } else {
                return
            }
        }
    }

    private mutating func add(_ request: SimulatedRequest) {
        let tokens = [Int32](repeating: 0, count: request.promptTokens)
        let id = scheduler.add(SequenceRequest(tokens: tokens, reusesPrefix: false))
        generations[id] = Generation(arrival: request.arrival, left: request.generateTokens)
        outcome.promptTokens += request.promptTokens
    }

    private mutating func submit(_ microbatch: Microbatch) {
        let shape = MicrobatchShape(microbatch.spans)
        let stage = ring.first
        let seconds = stage.seconds(shape)
        if stage.hasLayers {
            scheduler.cost.observe(rows: shape.rows, seeing: microbatch.positionsSeen, seconds: seconds)
        }
        now += seconds
        ring.noteFirst(busy: seconds)
        flight.append((ring.pass(shape, from: now), shape))
        outcome.microbatches += 1
    }

    private mutating func collect() {
        let shape = flight[flightStart].shape
        flightStart += 1
        if flightStart > 1024 {
            flight.removeFirst(flightStart)
            flightStart = 0
        }
        let seconds = ring.first.headSeconds(shape.logitRows)
        now += seconds
        ring.noteFirst(busy: seconds)
        let microbatch = scheduler.returned()
        for (span, id) in zip(microbatch.spans, microbatch.sequences) where span.logitRows > 0 { deliver(to: id) }
        scheduler.recycle(microbatch)
    }

    private mutating func deliver(to id: SequenceID) {
        guard var generation = generations[id] else { return }
        let isFirst = generation.last == nil
        if let last = generation.last {
            outcome.interTokenSeconds.append(now - last)
        } else {
            outcome.timesToFirstToken.append(now - generation.arrival)
        }
        generation.last = now
        generation.left -= 1
        outcome.generatedTokens += 1
        if generation.left <= 0 {
            generations[id] = nil
            scheduler.end(id)
            return
        }
        generations[id] = generation
        if !(isFirst && holdsFirstTokens) { scheduler.append(0, to: id) }
    }
}
