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
    let pipeline: Pipeline
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
        pipeline = Pipeline(stage: stage, link: link, stageCount: plan.facts.rankCount, runID: runID)
    }

    /// What every rank but 0 runs.
    func stageLoop() -> StageLoop {
        StageLoop(stage: stage, link: link, runID: runID, rank: plan.rank, stageCount: plan.facts.rankCount)
    }

    /// What rank 0 works with.
    func coordinator() throws -> Coordinator {
        Coordinator(
            model: plan.model, tokenizer: try plan.model.tokenizer(), pipeline: pipeline, outputHead: head!,
            limits: limits)
    }

    /// Rank 0's way to end the run on all stages.
    func stop() throws(PipelineError) { try pipeline.stop() }
}
