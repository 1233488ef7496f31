import Clusters
import EmulatedRing
import Microbatches
import Planning
import Ring

/// A stage that is emulated: no weight is read and no memory reserved for it.
extension StageBuilder {
    func emulate(_ emulation: Emulation, _ plan: JobPlan, _ clock: EmulatedClock) throws -> BuiltStage {
        let layers = plan.partition.layers(of: rank)
        let cost = plan.costs.stage(layers, hasHead: rank == 0, on: emulation.host(of: rank))
        let stage = try EmulatedStage(
            model.configuration, layerRange: layers, cost: cost, capacity: plan.memory.capacity,
            rowCapacity: plan.rowCapacity, clock: clock)
        return BuiltStage(
            stage: stage, ends: rank == 0 ? try ends(cost, clock) : nil,
            longestStep: longestStep(cost, plan) / emulation.speed, clock: clock)
    }

    private func ends(_ cost: StageCost, _ clock: EmulatedClock) throws -> EmulatedEnds {
        let vocabSize = model.configuration.vocabSize
        let token = Emulation.token(for: try model.tokenizer(), vocabSize: vocabSize)
        return EmulatedEnds(cost: cost, clock: clock, vocabSize: vocabSize, token: token)
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
        _ emulation: Emulation, _ clock: EmulatedClock, _ built: BuiltStage, _ plan: JobPlan, _ cluster: Cluster
    ) throws -> any Link {
        let real = try cluster.makeLink(
            frameCapacity: frameCapacity(plan) + EmulatedLink.frameOverhead,
            previousLayers: plan.partition.layers(of: cluster.previousRank), longestStep: built.longestStep,
            waitPolicy: .sleeping)
        guard cluster.size > 1 else { return real }
        return EmulatedLink(real, edge: emulation.profile.edges[rank], clock: clock)
    }
}
