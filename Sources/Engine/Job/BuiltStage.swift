import Clusters
import EmulatedRing
import Planning
import Platform
import Ring

/// A rank's stage with its weights, which nothing leads to yet.
struct BuiltStage {
    let stage: any StageWork
    /// Rank 0's.
    let ends: (any ModelEnds)?
    /// Seconds that the stage may give no sign of life while it is well.
    let longestStep: Double
    /// By which the run is measured.
    var clock: any RunClock = MachineTime()
}

extension StageBuilder {
    /// Links the stage to those of the ranks before and after; all ranks come here together.
    func link(_ built: BuiltStage, _ plan: JobPlan, _ cluster: Cluster) throws -> any Link {
        let frameCapacity = frameCapacity(plan)
        let link: any Link =
            if let emulation, let clock = built.clock as? EmulatedClock {
                try emulatedLink(emulation, clock, built, plan, cluster)
            } else {
                try cluster.makeLink(
                    frameCapacity: frameCapacity, previousLayers: plan.partition.layers(of: cluster.previousRank),
                    longestStep: built.longestStep)
            }
        return link.carrying(
            plan.rankCount == 1 ? .f32 : configuration.wire, hiddenSize: model.configuration.hiddenSize,
            frameCapacity: frameCapacity)
    }
}
