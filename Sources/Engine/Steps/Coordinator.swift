import Microbatches
import ModelFiles
import Requests
import Ring
import Sampling
import Scheduling
import Tokenization
import Transformer

/// Rank 0's part of a run: keeps the ring busy with the tokens of all sequences and gives them what comes back.
///
/// Sequences are added and cancelled at any time. Each step schedules and submits the next microbatch, or collects one and
/// processes it.
public final class Coordinator {
    public let configuration: ModelConfiguration
    public let contextLength: Int
    public let tokenizer: Tokenizer?

    let pipeline: Pipeline
    private(set) var sampler: Sampler
    private let ends: any ModelEnds
    private(set) var scheduler: Scheduler
    private(set) var consumers: [SequenceID: any SequenceConsumer] = [:]
    /// Those that came back last.
    private let rows: ReturnedRows
    /// Rows of all microbatches since the start.
    private(set) var computedRowCount = 0
    /// Tokens that consumers chose since the start.
    private(set) var sampledTokenCount = 0
    /// The most microbatches that were in the ring at once since ``beginCountingFlight()``.
    private(set) var mostInFlight = 0

    init(model: Model, tokenizer: Tokenizer?, pipeline: Pipeline, ends: any ModelEnds, limits: SchedulerLimits) {
        configuration = model.configuration
        contextLength = limits.capacity.contextLength
        self.tokenizer = tokenizer
        self.pipeline = pipeline
        self.ends = ends
        rows = ReturnedRows(ends, pipeline, hiddenSize: model.configuration.hiddenSize)
        sampler = Sampler(vocabSize: model.configuration.vocabSize)
        scheduler = Scheduler(limits)
    }

    /// Adds a sequence; `consumer` gets its rows.
    func add(_ request: SequenceRequest, _ consumer: any SequenceConsumer) throws -> SequenceID {
        try PromptRules(configuration, contextLength: contextLength).check(request.tokens)
        let id = scheduler.add(request)
        consumers[id] = consumer
        return id
    }

    /// Gives a sequence its next token, where its consumer answered with none.
    func resume(_ id: SequenceID, with token: TokenID) { scheduler.append(token, to: id) }

    /// Ends a sequence; what is in flight of it is dropped when it comes back. Those that are over are ignored.
    func end(_ id: SequenceID) {
        guard let consumer = consumers.removeValue(forKey: id), let sequence = scheduler.end(id) else { return }
        consumer.end(sequence)
    }

    /// Takes what has come back, then sends the next microbatch, or waits for one where there is nothing to send; false
    /// when there is nothing to do.
    ///
    /// - Parameter isInterrupted: Asked while waiting; where it says so, there is something better to do first.
    func step(unless isInterrupted: () -> Bool = { false }) throws -> Bool {
        while try pipeline.hasArrived() { try process(pipeline.collect()) }
        if let microbatch = scheduler.schedule() {
            try submit(microbatch)
        } else if pipeline.inFlightCount > 0 {
            if let frame = try pipeline.collect(unless: isInterrupted) { try process(frame) }
        } else {
            return false
        }
        return true
    }

    func beginCountingFlight() { mostInFlight = pipeline.inFlightCount }

    /// Lets the other stages sleep until there is work again.
    public func rest() throws { try pipeline.rest() }

    private func submit(_ microbatch: Microbatch) throws {
        for span in microbatch.spans { announce(span) }
        computedRowCount += microbatch.rowCount
        let frame = try pipeline.makeFrame(for: microbatch)
        var hidden = frame.hidden
        for span in microbatch.spans {
            try ends.embed(scheduler.tokens(of: span), into: hidden)
            hidden += Int(span.count) * configuration.hiddenSize
        }
        let seconds = try pipeline.submit(frame)
        mostInFlight = max(mostInFlight, pipeline.inFlightCount)
        guard pipeline.hasLayers else { return }
        scheduler.cost.observe(rows: microbatch.rowCount, seeing: microbatch.positionsSeen, seconds: seconds)
    }

    private func announce(_ span: Span) {
        guard let sequence = scheduler.beginning(of: span) else { return }
        consumers[sequence.id]?.begin(sequence)
    }

    /// Hands out the rows of a microbatch that came back, and does as their consumers answer.
    private func process(_ frame: consuming Frame) throws {
        let microbatch = scheduler.returned()
        guard frame.rowCount == microbatch.logitRowCount else {
            throw PipelineError.malformedFrame(from: pipeline.lastRank)
        }
        rows.begin(frame.hidden)
        for (span, id) in zip(microbatch.spans, microbatch.sequences) {
            rows.append(count: Int(span.logitRows), wantsLogits: consumers[id]?.rowContents == .logits)
        }
        var first = 0
        for (span, id) in zip(microbatch.spans, microbatch.sequences) where span.logitRows > 0 {
            try answer(id, SequenceRows(rows, first: first, positions: span.logitPositions))
            first += Int(span.logitRows)
        }
        scheduler.recycle(microbatch)
        pipeline.finish(frame)
    }

    /// Lets a sequence take its rows and go on as it answers. Its error ends it, and no other.
    private func answer(_ id: SequenceID, _ rows: SequenceRows) throws {
        guard let consumer = consumers[id] else { return }
        let answer: Answer
        do {
            // The trace counts its rows as its own, even where it fails.
            defer { self.rows.note() }
            // Nobody holds the sequence when it gets its tokens, or else they would be copied.
            answer = try consumer.take(rows, of: scheduler.sequence(id)!, &sampler)
        } catch {
            scheduler.end(id)
            consumers[id] = nil
            return try consumer.fail(error)
        }
        sampledTokenCount += answer.tokens.count
        scheduler.append(answer.tokens, to: id)
        consumer.answered()
        if answer.isLast { end(id) }
    }
}
