import Clusters
import EmulatedRing
import Microbatches
import Planning
import Ring
import Scheduling

/// A stage that is emulated: no weight is read and no memory reserved for it.
extension StagePlan {
    func emulate(_ emulation: Emulation, _ cluster: Cluster, capacity: KVCapacity) throws -> LoadedStage {
        let cost = costModel.stage(partition.layers(of: rank), hasHead: rank == 0, on: emulation.host(of: rank))
        let clock = try cluster.emulatedClock(speed: emulation.speed)
        let limits = schedulerLimits(capacity)
        let stage = try EmulatedStage(
            model.configuration, layerRange: partition.layers(of: rank), cost: cost, capacity: capacity,
            rowCapacity: rowCapacity, clock: clock)
        return LoadedStage(
            plan: self, stage: stage, ends: rank == 0 ? try ends(cost, clock) : nil,
            link: try link(
                emulation, cluster, limits, clock, longestStep: longestStep(cost)),
            runID: cluster.runID, limits: limits, clock: clock)
    }

    private func ends(_ cost: StageCost, _ clock: EmulatedClock) throws -> EmulatedEnds {
        let vocabSize = model.configuration.vocabSize
        let token = Emulation.token(for: try model.tokenizer(), vocabSize: vocabSize)
        return EmulatedEnds(cost: cost, clock: clock, vocabSize: vocabSize, token: token)
    }

    /// Seconds that the largest microbatch keeps the stage busy.
    private func longestStep(_ cost: StageCost) -> Double {
        let sequences = min(rowCapacity, configuration.maxSequences)
        return cost.totalSeconds(
            MicrobatchShape(
                rows: rowCapacity, attended: rowCapacity * contextLength, cached: sequences * contextLength,
                logitRows: sequences))
    }

    /// Ranks that wait sleep: many share a core.
    private func link(
        _ emulation: Emulation, _ cluster: Cluster, _ limits: SchedulerLimits, _ clock: EmulatedClock,
        longestStep: Double
    ) throws -> any Link {
        let frameCapacity = frameCapacity(limits)
        let real = try cluster.makeLink(
            frameCapacity: frameCapacity + EmulatedLink.frameOverhead,
            previousLayers: partition.layers(of: cluster.previousRank), longestStep: longestStep / emulation.speed,
            waitPolicy: .sleeping)
        guard cluster.size > 1 else { return real }
        return carrying(
            EmulatedLink(real, edge: emulation.profile.edges[rank], clock: clock), frameCapacity: frameCapacity)
    }
}
