import Clusters
import Planning

/// How layers are shared out where nobody says it.
extension StagePlan {
    /// Measures hosts and links where that is asked for or decides something, and takes the partition that suits them and
    /// the work; the same on all ranks.
    ///
    /// - Parameter known: what hosts and links can do, where it was measured before.
    mutating func decide(_ cluster: Cluster, known: ClusterProfile?) throws(Failure) {
        profile = emulation?.profile ?? known
        let isOpen = configuration.partition == nil && model.slice?.partition == nil && cluster.size > 1
        guard isOpen || configuration.probeEffort == .thorough else { return }
        let planner = planner
        let profile =
            if let profile { profile } else { try planner.measure(cluster, kernels, threadCount: threadCount) }
        self.profile = profile
        guard isOpen else { return }
        let found = rank == 0 ? planner.partition(on: profile)?.planned : nil
        if let counts = try cluster.fromRankZero(found?.layerCounts) { partition = Partition(adopting: counts) }
    }

    var costModel: CostModel { planner.costs }

    private var planner: LayerPlanner {
        LayerPlanner(ModelShape(model), contextLength: contextLength, configuration)
    }
}
