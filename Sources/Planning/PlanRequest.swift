import Tensors

/// What a plan is for.
public struct PlanRequest: Sendable {
    public var shape: ModelShape
    public var cluster: ClusterProfile
    public var kvType: ElementType
    /// Positions that each sequence has room for.
    public var context: Int
    public var promptTokens: Int
    public var generateTokens: Int
    /// Sequences at once: a prediction for each, and memory for the largest.
    public var sequences: [Int]
    /// Rows of a microbatch of prompts; nil: as many as the costs advise.
    public var chunk: Int?
    public var wireBytesPerElement = 4.0
    /// Microbatches in flight; nil: as the scheduler chooses.
    public var microbatches: Int?
    /// Layers of each rank; nil: the best that is found.
    public var partition: Partition?

    public init(
        _ shape: ModelShape, on cluster: ClusterProfile, kvType: ElementType = .f16, context: Int, promptTokens: Int,
        generateTokens: Int, sequences: [Int]
    ) {
        self.shape = shape
        self.cluster = cluster
        self.kvType = kvType
        self.context = context
        self.promptTokens = promptTokens
        self.generateTokens = generateTokens
        self.sequences = sequences
    }

    public var demand: MemoryDemand {
        MemoryDemand(shape, kvType: kvType, context: context, sequences: sequences.max()!, rowCapacity: chunk)
    }

    public var costs: CostModel {
        CostModel(shape, kvType: kvType, wireBytesPerElement: wireBytesPerElement, rowCapacity: chunk)
    }

    func workload(_ sequences: Int) -> Workload {
        Workload(promptTokens: promptTokens, generateTokens: generateTokens, sequences: sequences, chunk: chunk)
    }

    /// The fastest partition that fits; nil where none does.
    public func findPartition() -> Partition? {
        if let partition { return fits(partition) ? partition : nil }
        return PartitionSearch.best(
            for: workload(sequences.max()!), on: cluster, costs: costs, microbatches: microbatches, demand: demand
        )?.partition
    }

    /// The same, or why there is none.
    public func partitionThatFits() throws(PlanRefusal) -> Partition {
        guard let partition = findPartition() else { throw PlanRefusal(self) }
        return partition
    }

    private func fits(_ partition: Partition) -> Bool {
        let demand = demand
        return cluster.hosts.indices.allSatisfy {
            demand.fits(partition.layers(of: $0), rank: $0, in: cluster.hosts[$0].memoryBytes)
        }
    }
}
