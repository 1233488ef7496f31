import DequeModule
import Microbatches

/// Decides what goes through the stages next: which sequences, how many tokens of each, in which blocks of the KV cache.
///
/// Sequences wait, in the order of their arrival, until there is a slot and memory for them; then they run: first their
/// prompt in chunks, which follow each other down the pipeline, then token by token, each when the one before it has
/// come back. Both share microbatches (chunked prefill with continuous batching, Agrawal et al. 2023, Yu et al. 2022).
/// Where memory runs out, the youngest sequence makes room and is computed again later.
///
/// It knows no clock, no link and no text, and what it decides never changes a token, only when it is computed.
public struct Scheduler {
    public let limits: SchedulerLimits
    /// What microbatches cost, as measured by whoever runs them.
    public var cost: CostEstimate

    var pool: BlockPool
    var prefixes: PrefixIndex
    /// In the order of arrival; preempted ones are the oldest.
    var waiting: Deque<SequenceState> = []
    /// The running sequence of each slot.
    var slots: [SequenceState?]
    /// Slots whose next token is known and not yet in the stream, in the order in which they got it.
    var ready: Deque<Int> = []
    /// Changes of the block tables that no microbatch has taken along yet.
    var operations: [KVOperation] = []
    /// The sequences of the spans of each microbatch in flight.
    var inFlight: Deque<[SequenceID]> = []
    /// What the costs of the stages decide.
    var choice: FlightChoice
    private var nextID: SequenceID = 0
    /// How often a sequence had to make room for an older one.
    public internal(set) var preemptionCount = 0

    public init(_ limits: SchedulerLimits) {
        self.limits = limits
        cost = limits.costs?.estimate ?? CostEstimate()
        choice = FlightChoice(limits)
        pool = BlockPool(count: limits.capacity.blockCount)
        prefixes = PrefixIndex(blockCount: limits.capacity.blockCount)
        slots = Array(repeating: nil, count: limits.capacity.slotCount)
    }

    /// Adds a sequence at the end of the queue.
    ///
    /// - Precondition: It has at least one token and fits the context.
    public mutating func add(_ request: SequenceRequest) -> SequenceID {
        precondition((1...limits.capacity.contextLength).contains(request.tokens.count))
        defer { nextID += 1 }
        waiting.append(SequenceState(id: nextID, request))
        choice.forgetPrompts()
        return nextID
    }

    /// Takes note that the oldest microbatch in flight came back.
    ///
    /// - Returns: The sequences of its spans, in their order; those that have ended meanwhile are among them.
    public mutating func returned() -> [SequenceID] {
        let sequences = inFlight.removeFirst()
        for id in sequences { update(id) { $0.inFlightCount -= 1 } }
        return sequences
    }

    /// Gives a sequence, whose last token's logits have come back, its next token.
    ///
    /// - Precondition: The sequence runs or was preempted, all its tokens were computed, and the context has room.
    public mutating func append(_ token: Int32, to id: SequenceID) {
        update(id) { $0.tokens.append(token) }
        // One that was preempted meanwhile is computed from its beginning, this token included.
        if let slot = slot(of: id), !slots[slot]!.isPrompt { ready.append(slot) }
    }

    /// Ends a sequence, finished or not; what it computed may serve others. Unknown ones are ignored.
    public mutating func end(_ id: SequenceID) {
        if let slot = slot(of: id) {
            vacate(slot)
        } else {
            waiting.removeAll { $0.id == id }
        }
    }

    /// Whether the sequence waits or runs.
    public func contains(_ id: SequenceID) -> Bool { slot(of: id) != nil || waiting.contains { $0.id == id } }

    /// A sequence's tokens: its prompt and what was appended.
    public func tokens(of id: SequenceID) -> [Int32] {
        slot(of: id).map { slots[$0]!.tokens } ?? waiting.first { $0.id == id }?.tokens ?? []
    }

    /// The tokens of one span of the microbatch cut last.
    public func tokens(of span: Span) -> ArraySlice<Int32> {
        slots[Int(span.slot)]!.tokens[Int(span.firstPosition)..<Int(span.firstPosition + span.count)]
    }

    /// The sequence of a span of the microbatch cut last, and how many of its tokens were found in the cache; nil where
    /// the span is not the first since the sequence was admitted.
    public func beginning(of span: Span) -> (sequence: SequenceID, reused: Int)? {
        let state = slots[Int(span.slot)]!
        return state.reusedCount == Int(span.firstPosition) ? (state.id, state.reusedCount) : nil
    }

    public var waitingCount: Int { waiting.count }
    public var runningCount: Int { slots.count { $0 != nil } }
    public var inFlightCount: Int { inFlight.count }
    /// Blocks that no sequence holds.
    public var freeBlockCount: Int { pool.freeCount }
    /// Whether no sequence waits or runs.
    public var isIdle: Bool { waiting.isEmpty && slots.allSatisfy { $0 == nil } }

    func slot(of id: SequenceID) -> Int? { slots.firstIndex { $0?.id == id } }

    private mutating func update(_ id: SequenceID, _ change: (inout SequenceState) -> Void) {
        if let slot = slot(of: id) {
            change(&slots[slot]!)
        } else if let index = waiting.firstIndex(where: { $0.id == id }) {
            change(&waiting[index])
        }
    }
}
