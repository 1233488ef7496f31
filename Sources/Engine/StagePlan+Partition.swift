import Kernels
import PipelineRuntime
import Planning
import Transformer

/// How layers are shared out where nobody says it.
extension StagePlan {
    /// Measures hosts and links where that is asked for or decides something, and takes the partition that suits them and
    /// the work; the same on all ranks.
    mutating func decide(_ cluster: Cluster) throws(Failure) {
        profile = emulation?.profile
        let isOpen = configuration.partition == nil && model.slice?.partition == nil && cluster.size > 1
        guard isOpen || configuration.probeEffort == .thorough else { return }
        let profile = if let profile { profile } else { try measuredProfile(cluster) }
        self.profile = profile
        guard isOpen else { return }
        let found = rank == 0 ? bestPartition(on: profile) : nil
        if let counts = try cluster.fromRankZero(found?.layerCounts) { partition = Partition(adopting: counts) }
    }

    private func measuredProfile(_ cluster: Cluster) throws(Failure) -> ClusterProfile {
        let (plan, hosts) = (self, cluster)
        return try cluster.profile(configuration.probeEffort) { () throws(Failure) in
            do {
                return try HostProfile.measure(
                    plan.costModel.shape, name: hosts.hosts[plan.rank],
                    memoryBytes: HostMemory.available.map { $0 / hosts.ranksOnHost },
                    kvType: plan.configuration.kvType.elementType, kernels: plan.kernels,
                    threadCount: plan.threadCount, effort: plan.configuration.probeEffort)
            } catch { throw Failure(describing: error) }
        }
    }

    var costModel: CostModel {
        CostModel(
            ModelShape(model), kvType: configuration.kvType.elementType,
            wireBytesPerElement: configuration.wire.bytesPerElement, rowCapacity: configuration.rowCapacity)
    }

    /// For as many full sequences as were asked for, or as fit. nil: not even one does, which is told when memory for it is
    /// sought.
    private func bestPartition(on profile: ClusterProfile) -> Partition? {
        let costs = costModel
        let prompt = min(512, max(1, contextLength / 2))
        let workload =
            configuration.workload
            ?? Workload(
                promptTokens: prompt, generateTokens: min(128, contextLength - prompt + 1),
                sequences: configuration.maxSequences, chunk: configuration.prefillChunk)
        var sequences = configuration.kvMemory == nil ? configuration.maxSequences : 1
        while sequences > 0 {
            let demand = MemoryDemand(
                costs.shape, kvType: costs.kvType, context: contextLength, sequences: sequences,
                rowCapacity: costs.rowCapacity)
            if let found = PartitionSearch.best(
                for: workload, on: profile, costs: costs, microbatches: configuration.microbatches, demand: demand)
            {
                return found
            }
            sequences /= 2
        }
        return nil
    }
}
