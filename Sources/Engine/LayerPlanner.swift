import Clusters
import Kernels
import Planning
import Probes
import Transformer

/// Shares out the layers of a model, of which it needs to know no more than what decides time and memory.
struct LayerPlanner {
    let costs: CostModel
    let contextLength: Int
    let configuration: JobConfiguration

    init(_ shape: ModelShape, contextLength: Int, _ configuration: JobConfiguration) {
        self.contextLength = contextLength
        self.configuration = configuration
        costs = CostModel(
            shape, kvType: configuration.kvType.elementType,
            wireBytesPerElement: configuration.wire.bytesPerElement, rowCapacity: configuration.prefillChunk)
    }

    /// What hosts and links can do; all ranks measure together.
    func measure(_ cluster: Cluster, _ kernels: KernelSet, threadCount: Int) throws(Failure) -> ClusterProfile {
        try cluster.profile(configuration.probeEffort) { () throws(Failure) in
            do {
                return try HostProfile.measure(
                    costs.shape, name: cluster.hosts[cluster.rank],
                    memoryBytes: HostMemory.available.map { $0 / cluster.ranksOnHost },
                    kvType: configuration.kvType.elementType, kernels: kernels, threadCount: threadCount,
                    effort: configuration.probeEffort)
            } catch { throw Failure(describing: error) }
        }
    }

    /// The best partition for as many full sequences as were asked for, or as fit, and the one to take instead because of
    /// what ranks hold. nil: not even one sequence fits, which is told when memory for it is sought.
    func partition(
        on profile: ClusterProfile, keeping held: HeldLayers? = nil
    ) -> (planned: Partition, kept: Partition?)? {
        var sequences = configuration.kvMemory == nil ? configuration.maxSequences : 1
        while sequences > 0 {
            let demand = MemoryDemand(
                costs.shape, kvType: costs.kvType, context: contextLength, sequences: sequences,
                rowCapacity: costs.rowCapacity)
            if let (best, search) = PartitionSearch.best(
                for: workload, on: profile, costs: costs, microbatches: configuration.microbatches, demand: demand)
            {
                return (best, held.flatMap { search.best(keeping: $0, insteadOf: best) })
            }
            sequences /= 2
        }
        return nil
    }

    /// Where many sequences run side by side, as in a service, answers are as long as what is new of their prompts.
    private var workload: Workload {
        if let workload = configuration.workload { return workload }
        let isContinuous = configuration.maxSequences > 1
        let prompt = min(isContinuous ? 256 : 512, max(1, contextLength / 2))
        return Workload(
            promptTokens: prompt, generateTokens: min(isContinuous ? 256 : 128, contextLength - prompt + 1),
            sequences: configuration.maxSequences, chunk: configuration.prefillChunk, isContinuous: isContinuous)
    }
}
