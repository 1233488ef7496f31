import Microbatches
import TestSupport

@testable import Scheduling

/// Runs a scheduler against a model of the stages and checks each of its decisions.
struct SimulatedRun {
    /// A sequence as its owner sees it.
    private struct Owner {
        var tokens: [Int32]
        /// What its positions ought to hold.
        var contents: [UInt64] = []
        let finalCount: Int
        let wantsAllRows: Bool
        /// Positions whose logits have come.
        var answeredCount: Int
        var isHeld = false
        let adapter: AdapterID

        init(_ request: SequenceRequest, finalCount: Int) {
            tokens = []
            self.finalCount = finalCount
            wantsAllRows = request.wantsAllRows
            answeredCount = wantsAllRows ? 0 : request.tokens.count - 1
            adapter = request.adapter
            for token in request.tokens { append(token) }
        }

        mutating func append(_ token: Int32) {
            tokens.append(token)
            contents.append(StageModel.content(token, after: contents.last ?? UInt64(adapter.number)))
        }
    }

    private var work: SimulatedWork
    private(set) var scheduler: Scheduler
    private var stage: StageModel
    private var owners: [SequenceID: Owner] = [:]
    private var flight: [(spans: [Span], sequences: [SequenceID])] = []
    private var addedCount = 0
    private(set) var stepCount = 0

    init(_ work: SimulatedWork) {
        self.work = work
        scheduler = Scheduler(work.limits)
        stage = StageModel(work.limits.capacity)
    }

    /// Runs until all sequences have come and gone.
    mutating func run() throws {
        while addedCount < work.sequenceCount || !owners.isEmpty || !flight.isEmpty {
            try step()
            try checkReady()
            stepCount += 1
            try check(stepCount < 200_000, "no end in sight: \(owners.count) sequences left")
        }
        try check(scheduler.isIdle, "something is left")
        try check(scheduler.freeBlockCount == work.limits.capacity.blockCount, "blocks are missing")
        try check(scheduler.ready.isEmpty && scheduler.inFlightCount == 0, "the queues are not empty")
    }

    private mutating func step() throws {
        if addedCount < work.sequenceCount, work.random.isOne(in: work.arrivalPace) { add() }
        if let id = owners.keys.sorted().randomElement(using: &work.random), work.random.isOne(in: work.cancelPace) {
            end(id)
        }
        if work.random.isOne(in: 10) { resumeHeld(all: false) }
        while !flight.isEmpty, work.random.isOne(in: work.returnPace) { try takeBack() }
        if let microbatch = scheduler.schedule() {
            try send(microbatch)
        } else if !flight.isEmpty {
            try takeBack()
        } else if !owners.isEmpty {
            try check(owners.values.contains { $0.isHeld }, "nothing is sent though \(owners.count) sequences wait")
            resumeHeld(all: true)
        }
    }

    /// Only slots whose next token is known stand in the queue for it, each once.
    private func checkReady() throws {
        try check(Set(scheduler.ready).count == scheduler.ready.count, "a slot is ready twice")
        for slot in scheduler.ready {
            let state = scheduler.slots[slot]
            try check((state?.pendingCount ?? 0) > 0 && state!.hasCaughtUp, "slot \(slot) is not ready")
        }
    }

    private mutating func add() {
        let request = work.makeRequest()
        owners[scheduler.add(request)] = Owner(request, finalCount: work.finalCount(request))
        addedCount += 1
    }

    private mutating func end(_ id: SequenceID) {
        scheduler.end(id)
        owners[id] = nil
    }

    private mutating func resumeHeld(all: Bool) {
        for id in owners.keys.sorted() where owners[id]!.isHeld && (all || work.random.isOne(in: 2)) {
            owners[id]!.isHeld = false
            extend(id)
        }
    }

    private mutating func extend(_ id: SequenceID) {
        let owner = owners[id]!
        let count = work.answerLength(upTo: owner.finalCount - owner.tokens.count)
        let tokens = (owner.tokens.count..<owner.tokens.count + count).map { work.nextToken(at: $0) }
        for token in tokens { owners[id]!.append(token) }
        // Only the row after the last of them comes back.
        owners[id]!.answeredCount += count - 1
        scheduler.append(tokens, to: id)
    }

    /// Checks the microbatch that was cut and takes it through the stage.
    private mutating func send(_ microbatch: Microbatch) throws {
        let limits = work.limits
        try check(microbatch.operations.count <= limits.operationCapacity, "too many operations")
        try check((1...limits.spanCapacity).contains(microbatch.spans.count), "too many spans")
        try check((1...limits.rowCapacity).contains(microbatch.rowCount), "too many rows")
        try check(Set(microbatch.spans.map(\.slot)).count == microbatch.spans.count, "two spans of one slot")
        try check(scheduler.inFlightCount == flight.count + 1, "microbatches in flight")
        try check(flight.count < max(limits.stageCount + 1, limits.microbatches ?? 0), "too many in flight")
        try stage.apply(microbatch.operations)
        var sequences: [SequenceID] = []
        for span in microbatch.spans {
            let id = scheduler.slots[Int(span.slot)]!.id
            guard let owner = owners[id] else { throw Violation("a span of a sequence that has ended") }
            let tokens = scheduler.tokens(of: span)
            try check(
                tokens == owner.tokens[Int(span.firstPosition)..<Int(span.firstPosition + span.count)], "other tokens")
            try stage.compute(span, tokens, expecting: owner.contents)
            sequences.append(id)
        }
        flight.append((microbatch.spans, sequences))
    }

    private mutating func takeBack() throws {
        let (spans, sequences) = flight.removeFirst()
        let microbatch = scheduler.returned()
        try check(microbatch.spans == spans && microbatch.sequences == sequences, "another microbatch came back")
        if !work.random.isOne(in: 9) { scheduler.recycle(microbatch) }
        for (span, id) in zip(spans, sequences) {
            let end = Int(span.firstPosition + span.count)
            for position in end - Int(span.logitRows)..<end { try answer(id, position) }
        }
    }

    /// Takes the logits after a position. Those of a sequence that made room for another come again.
    private mutating func answer(_ id: SequenceID, _ position: Int) throws {
        guard let owner = owners[id], position >= owner.answeredCount else { return }
        try check(position == owner.answeredCount, "the logits of position \(owner.answeredCount) do not come")
        owners[id]!.answeredCount += 1
        guard position + 1 == owner.tokens.count else { return }
        if owner.wantsAllRows || owner.tokens.count == owner.finalCount {
            end(id)
        } else if work.random.isOne(in: work.holdPace) {
            owners[id]!.isHeld = true
        } else {
            extend(id)
        }
    }
}
