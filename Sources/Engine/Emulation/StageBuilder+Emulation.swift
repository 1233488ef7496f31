import Microbatches
import PipelineRuntime
import Planning

/// A stage that is emulated: no weight is read and no memory reserved for it.
extension StageBuilder {
    func emulate(_ emulation: Emulation, _ plan: JobPlan, _ time: EmulatedTime) throws -> BuiltStage {
        let layers = plan.partition.layers(of: rank)
        let cost = plan.costs.stage(layers, hasHead: rank == 0, on: emulation.host(of: rank))
        let stage = try EmulatedStage(
            model.configuration, layerRange: layers, cost: cost, capacity: plan.memory.capacity, time: time)
        return BuiltStage(
            stage: stage, ends: rank == 0 ? try ends(cost, time) : nil,
            longestStep: longestStep(cost, plan) / emulation.speed, time: time)
    }

    private func ends(_ cost: StageCost, _ time: EmulatedTime) throws -> EmulatedEnds {
        let vocabSize = model.configuration.vocabSize
        let token = Emulation.token(for: try model.tokenizer(), vocabSize: vocabSize)
        return EmulatedEnds(cost: cost, time: time, vocabSize: vocabSize, token: token)
    }

    /// Seconds that the largest microbatch keeps the stage busy.
    private func longestStep(_ cost: StageCost, _ plan: JobPlan) -> Double {
        let (rows, context) = (plan.rowCapacity, plan.memory.context)
        let sequences = min(rows, plan.memory.sequences)
        return cost.totalSeconds(
            MicrobatchShape(
                rows: rows, attended: rows * context, cached: sequences * context, logitRows: sequences))
    }

    /// Ranks that wait sleep: many share a core.
    func emulatedLink(
        _ emulation: Emulation, _ time: EmulatedTime, _ built: BuiltStage, _ plan: JobPlan, _ cluster: Cluster
    ) throws -> any Link {
        let real = try cluster.makeLink(
            frameCapacity: frameCapacity(plan), partition: plan.partition, longestStep: built.longestStep,
            waitPolicy: .sleeping)
        guard cluster.size > 1 else { return real }
        return EmulatedLink(real, edge: emulation.profile.edges[rank], time: time)
    }
}
