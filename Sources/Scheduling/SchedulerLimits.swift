import Microbatches

/// What a scheduler has to keep to.
public struct SchedulerLimits: Sendable {
    public var capacity: KVCapacity
    /// The most rows of a microbatch.
    public var rowCapacity: Int
    /// What the stages together take, where that is known before they run: how many microbatches are in flight, and how
    /// large those of prompts are, follows from it.
    public var costs: RingCosts?
    /// Whether microbatches of prompts alone are filled, whatever ``costs`` say.
    public var fillsMicrobatches: Bool
    public var stageCount: Int
    /// Microbatches to keep in flight; nil: chosen by what there is to do.
    public var microbatches: Int?
    /// How many times longer the time between two tokens of a sequence (ITL) may be while prompts are computed than
    /// without them.
    ///
    /// It holds for what the ``CostEstimate`` predicts: stages of equal speed, and rows that cost more the further
    /// they stand in their sequence. A microbatch carries at least one row of a prompt, so a factor below about
    /// (stages + 1) / stages is exceeded. Prompts in flight when a sequence gets its first token are not held back.
    public var prefillFactor: Double

    public init(
        capacity: KVCapacity, rowCapacity: Int, stageCount: Int, microbatches: Int? = nil, costs: RingCosts? = nil,
        fillsMicrobatches: Bool = false, prefillFactor: Double = 3
    ) {
        self.costs = costs
        self.fillsMicrobatches = fillsMicrobatches
        self.capacity = capacity
        self.rowCapacity = rowCapacity
        self.stageCount = stageCount
        self.microbatches = microbatches
        self.prefillFactor = prefillFactor
    }

    /// The most operations that one microbatch brings: slots are freed and filled again, rows begin or copy blocks, equal
    /// blocks are exchanged, and one sequence at a time may find all of its blocks.
    public var operationCapacity: Int {
        64 + 4 * capacity.slotCount + 8 * rowCapacity + 2 * capacity.blocksPerSlot
    }
    /// The most spans of one microbatch.
    public var spanCapacity: Int { min(rowCapacity, capacity.slotCount) }
}
