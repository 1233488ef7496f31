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
    var waiting: Deque<TokenSequence> = []
    /// The running sequence of each slot.
    var slots: [TokenSequence?]
    /// Slots whose next token is known and not yet in the stream, in the order in which they got it.
    var ready: Deque<Int> = []
    /// Changes of the block tables that no microbatch has taken along yet.
    var operations: [KVOperation] = []
    /// Microbatches that were sent and are not back, the oldest first.
    var inFlight: Deque<Microbatch> = []
    /// Microbatches that came back, whose memory serves the next ones.
    var spare: [Microbatch] = []
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
        operations.reserveCapacity(usualOperationCount)
    }

    /// Operations of a microbatch in which every sequence leaves its slot and another comes: seldom are there more.
    var usualOperationCount: Int { 4 * limits.capacity.slotCount }

    /// Adds a sequence at the end of the queue.
    ///
    /// - Precondition: It has at least one token and fits the context.
    public mutating func add(_ request: SequenceRequest) -> SequenceID {
        precondition((1...limits.capacity.contextLength).contains(request.tokens.count))
        defer { nextID += 1 }
        waiting.append(TokenSequence(id: nextID, request))
        choice.forgetPrompts()
        return nextID
    }

    /// Takes note that the oldest microbatch in flight came back.
    ///
    /// - Returns: That microbatch; sequences that have ended meanwhile are in it. Best given to ``recycle(_:)`` afterwards.
    public mutating func returned() -> Microbatch {
        let microbatch = inFlight.removeFirst()
        for id in microbatch.sequences { update(id) { $0.inFlightCount -= 1 } }
        return microbatch
    }

    /// Takes back the memory of a microbatch that is done with.
    public mutating func recycle(_ microbatch: consuming Microbatch) { spare.append(microbatch) }

    /// Gives a sequence, whose last token's row has come back, its next tokens: one, or several that are certain.
    ///
    /// - Precondition: The sequence runs or was preempted, all its tokens were computed, and the context has room.
    public mutating func append(_ tokens: some Collection<Int32>, to id: SequenceID) {
        guard !tokens.isEmpty else { return }
        update(id) { $0.tokens.append(contentsOf: tokens) }
        // One that was preempted meanwhile is computed from its beginning, these tokens included.
        if let slot = slot(of: id), !slots[slot]!.isPrompt { ready.append(slot) }
    }

    /// The same for one token.
    public mutating func append(_ token: Int32, to id: SequenceID) { append(CollectionOfOne(token), to: id) }

    /// Ends a sequence, finished or not; what it computed may serve others. Unknown ones are ignored.
    ///
    /// - Returns: The sequence as it was.
    @discardableResult
    public mutating func end(_ id: SequenceID) -> TokenSequence? {
        if let slot = slot(of: id) {
            let sequence = slots[slot]
            vacate(slot)
            return sequence
        }
        return waiting.firstIndex { $0.id == id }.map { waiting.remove(at: $0) }
    }

    /// Whether the sequence waits or runs.
    public func contains(_ id: SequenceID) -> Bool { slot(of: id) != nil || waiting.contains { $0.id == id } }

    /// A sequence as it is now; nil where it is over.
    public func sequence(_ id: SequenceID) -> TokenSequence? {
        slot(of: id).map { slots[$0]! } ?? waiting.first { $0.id == id }
    }

    /// The tokens of one span of the microbatch scheduled last.
    public func tokens(of span: Span) -> ArraySlice<Int32> {
        slots[Int(span.slot)]!.tokens[Int(span.firstPosition)..<Int(span.firstPosition + span.count)]
    }

    /// The sequence of a span of the microbatch scheduled last; nil where the span is not the first since the sequence was
    /// admitted.
    public func beginning(of span: Span) -> TokenSequence? {
        let sequence = slots[Int(span.slot)]!
        return sequence.reusedCount == Int(span.firstPosition) ? sequence : nil
    }

    public var waitingCount: Int { waiting.count }
    public var runningCount: Int { slots.count { $0 != nil } }
    public var inFlightCount: Int { inFlight.count }
    /// Blocks that no sequence holds.
    public var freeBlockCount: Int { pool.freeCount }
    /// Whether no sequence waits or runs.
    public var isIdle: Bool { waiting.isEmpty && slots.allSatisfy { $0 == nil } }

    func slot(of id: SequenceID) -> Int? { slots.firstIndex { $0?.id == id } }

    private mutating func update(_ id: SequenceID, _ change: (inout TokenSequence) -> Void) {
        if let slot = slot(of: id) {
            change(&slots[slot]!)
        } else if let index = waiting.firstIndex(where: { $0.id == id }) {
            change(&waiting[index])
        }
    }
}
