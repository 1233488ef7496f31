import PipelineRuntime
import Scheduling
import Tokenization
import Transformer

/// A rank's slice in memory, ready to run.
struct LoadedStage {
    let plan: StagePlan
    let stage: Stage
    /// Rank 0's.
    let head: OutputHead?
    let link: any Link
    let runID: UInt64
    private let limits: SchedulerLimits

    init(
        plan: StagePlan, stage: Stage, head: OutputHead?, link: any Link, runID: UInt64, limits: SchedulerLimits
    ) {
        self.limits = limits
        self.plan = plan
        self.stage = stage
        self.head = head
        self.link = link
        self.runID = runID
        stage.betweenLayers = { link.progress() }
    }

    /// What every rank but 0 runs.
    func stageLoop(tracing trace: TraceRecorder?) -> StageLoop {
        StageLoop(
            stage: stage, link: link, runID: runID, rank: plan.rank, stageCount: plan.partition.rankCount, trace: trace)
    }

    /// Rank 0's end of the ring.
    func pipeline(tracing trace: TraceRecorder?) -> Pipeline {
        Pipeline(stage: stage, link: link, stageCount: plan.partition.rankCount, runID: runID, trace: trace)
    }

    /// What rank 0 works with.
    func coordinator(_ pipeline: Pipeline) throws -> Coordinator {
        Coordinator(
            model: plan.model, tokenizer: try plan.model.tokenizer(), pipeline: pipeline, outputHead: head!,
            limits: limits)
    }
}
