import Clusters
import EmulatedRing
import ModelFiles
import Planning
import Ring
import Tokenization
import Traces
import Transformer

/// A rank's stage in its place in the ring, ready to run.
struct LinkedStage {
    private let model: Model
    private let plan: JobPlan
    private let rank: Int
    private let runID: UInt64
    private let built: BuiltStage
    private let link: any Link

    init(_ built: BuiltStage, _ link: any Link, _ model: Model, _ plan: JobPlan, _ cluster: Cluster) {
        (self.built, self.link, self.model, self.plan) = (built, link, model, plan)
        (rank, runID) = (cluster.rank, cluster.runID)
        (built.stage as? Stage)?.betweenLayers = { link.progress() }
        (built.clock as? EmulatedClock)?.whileSleeping = { link.progress() }
    }

    /// What every rank but 0 runs.
    func stageLoop(tracing trace: TraceRecorder?) -> StageLoop {
        StageLoop(
            stage: built.stage, link: link, runID: runID, rank: rank, stageCount: plan.partition.rankCount,
            clock: built.clock, observer: trace)
    }

    /// Rank 0's end of the ring.
    func pipeline(tracing trace: TraceRecorder?) -> Pipeline {
        Pipeline(
            stage: built.stage, link: link, stageCount: plan.partition.rankCount, runID: runID,
            clock: built.clock, observer: trace)
    }

    /// What rank 0 works with.
    func coordinator(_ pipeline: Pipeline) throws -> Coordinator {
        Coordinator(
            model: model, tokenizer: try model.tokenizer(), pipeline: pipeline, ends: built.ends!,
            limits: plan.schedulerLimits)
    }
}
