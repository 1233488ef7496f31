import EmulatedRing
import Platform
import Ring
import Scheduling
import Tokenization
import Traces
import Transformer

/// A rank's slice in memory, ready to run.
struct LoadedStage {
    let plan: StagePlan
    let stage: any StageWork
    /// Rank 0's.
    let ends: (any ModelEnds)?
    let link: any Link
    let runID: UInt64
    private(set) var facts: JobFacts
    private let limits: SchedulerLimits
    /// By which the run is measured.
    private let clock: any RunClock

    init(
        plan: StagePlan, stage: any StageWork, ends: (any ModelEnds)?, link: any Link, runID: UInt64,
        limits: SchedulerLimits, clock: any RunClock = MachineTime()
    ) {
        self.limits = limits
        self.plan = plan
        facts = plan.facts
        self.stage = stage
        self.ends = ends
        self.link = link
        self.runID = runID
        self.clock = clock
        (stage as? Stage)?.betweenLayers = { link.progress() }
        (clock as? EmulatedClock)?.whileSleeping = { link.progress() }
    }

    /// Takes down how long loading took.
    mutating func note(loadedSince start: ContinuousClock.Instant) {
        guard !facts.isEmulated else { return }
        let seconds = start.duration(to: .now) / .seconds(1)
        facts.loading = Loading(byteCount: plan.storedByteCount, seconds: seconds)
    }

    /// What every rank but 0 runs.
    func stageLoop(tracing trace: TraceRecorder?) -> StageLoop {
        StageLoop(
            stage: stage, link: link, runID: runID, rank: plan.rank, stageCount: plan.partition.rankCount,
            clock: clock, observer: trace)
    }

    /// Rank 0's end of the ring.
    func pipeline(tracing trace: TraceRecorder?) -> Pipeline {
        Pipeline(
            stage: stage, link: link, stageCount: plan.partition.rankCount, runID: runID, clock: clock, observer: trace)
    }

    /// What rank 0 works with.
    func coordinator(_ pipeline: Pipeline) throws -> Coordinator {
        Coordinator(
            model: plan.model, tokenizer: try plan.model.tokenizer(), pipeline: pipeline, ends: ends!,
            limits: limits)
    }
}
