import Microbatches
import Tensors

/// What a run is going to do: worked out from a model's shape, from what is asked for and from what is known of hosts and
/// links, before any weight is read. It is the same value on every rank, and says nothing of the rank that looks at it.
///
/// It becomes definite in steps: as it is asked for, with even layers where nobody says which; with the layers that are
/// planned (``decide(on:keeping:)``); with the keys and values that all ranks can hold (``hold(blocks:)``).
public struct JobPlan: Sendable, Equatable, Codable {
    /// The decoder layers of each stage.
    public internal(set) var partition: Partition
    /// Who chose them.
    public internal(set) var choice: PartitionChoice
    /// The ranks of each stage.
    public let groups: StageGroups
    /// Keys and values.
    public internal(set) var memory: JobMemory
    /// How work is kept in flight.
    public let flight: JobFlight
    /// What the parts of the model cost on any host, and the most rows of a microbatch.
    public let costs: CostModel
    /// What the layers are shared out for.
    public let workload: Workload
    /// What hosts and links can do; nil where it decides nothing.
    public internal(set) var profile: ClusterProfile?
    /// What ranks compare before they trust each other to follow the same plan.
    public let inputs: [FingerprintInput]

    /// - Parameters:
    ///   - choice: Who says `partition`; nobody, where it is ``PartitionChoice/even``.
    ///   - workload: nil: a prompt and an answer of usual length, for as many sequences as may run.
    public init(
        _ partition: Partition, _ choice: PartitionChoice, costs: CostModel, memory: JobMemory, flight: JobFlight,
        workload: Workload? = nil, inputs: [FingerprintInput] = []
    ) {
        self.partition = partition
        self.choice = choice
        groups = StageGroups(stageCount: partition.rankCount)
        self.costs = costs
        self.memory = memory
        self.flight = flight
        self.workload = workload ?? .usual(memory, flight)
        self.inputs = inputs
    }

    public var rankCount: Int { groups.rankCount }

    /// The most rows of a microbatch: the model's, where nobody asks for another number.
    public var rowCapacity: Int { costs.rowCapacity }

    /// Whether layers are still to be shared out.
    public var isOpen: Bool { choice == .even && rankCount > 1 }

    /// Takes down what hosts and links can do.
    public mutating func know(_ profile: ClusterProfile?) { self.profile = profile }

    /// Takes the partition that rank 0 has found.
    public mutating func adopt(_ layerCounts: [Int]) {
        partition = Partition(adopting: layerCounts)
        choice = .planned
    }

    /// Takes what all ranks can hold of the blocks of keys and values.
    ///
    /// - Returns: Whether one sequence of full length fits.
    public mutating func hold(blocks: Int) -> Bool {
        memory.capacity.blockCount = min(blocks, memory.capacity.blockCount)
        return memory.capacity.blockCount >= memory.leastBlocks
    }
}
