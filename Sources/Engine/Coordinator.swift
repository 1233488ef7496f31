import Microbatches
import ModelFiles
import Requests
import Ring
import Sampling
import Scheduling
import Tokenization
import Transformer

/// Rank 0's part of a run: keeps the ring busy with the tokens of all sequences and turns what comes back into logits.
///
/// Sequences are added and cancelled at any time; each ``step()`` sends the next microbatch or takes one back.
public final class Coordinator {
    public let configuration: ModelConfiguration
    public let contextLength: Int
    public let tokenizer: Tokenizer?

    let pipeline: Pipeline
    private(set) var sampler: Sampler
    private let ends: any ModelEnds
    private(set) var scheduler: Scheduler
    private(set) var consumers: [SequenceID: any SequenceConsumer] = [:]
    private var microbatch = Microbatch()
    /// Rows of all microbatches since the start.
    private(set) var computedRowCount = 0
    /// Tokens that consumers chose since the start.
    private(set) var sampledTokenCount = 0

    convenience init(
        model: Model, tokenizer: Tokenizer?, pipeline: Pipeline, outputHead: OutputHead, limits: SchedulerLimits
    ) {
        self.init(
            model: model, tokenizer: tokenizer, pipeline: pipeline,
            ends: ComputedEnds(embedding: TokenEmbedding(model), head: outputHead), limits: limits)
    }

    init(model: Model, tokenizer: Tokenizer?, pipeline: Pipeline, ends: any ModelEnds, limits: SchedulerLimits) {
        configuration = model.configuration
        contextLength = limits.capacity.contextLength
        self.tokenizer = tokenizer
        self.pipeline = pipeline
        self.ends = ends
        sampler = Sampler(vocabSize: model.configuration.vocabSize)
        scheduler = Scheduler(limits)
    }

    /// Adds a sequence; `consumer` gets its logits.
    func add(_ request: SequenceRequest, _ consumer: any SequenceConsumer) throws -> SequenceID {
        try PromptRules(configuration, contextLength: contextLength).check(request.tokens)
        let id = scheduler.add(request)
        consumers[id] = consumer
        return id
    }

    /// Gives a sequence its next token, where its consumer answered with none.
    func resume(_ id: SequenceID, with token: TokenID) { scheduler.append(token, to: id) }

    /// Ends a sequence; what is in flight of it is dropped when it comes back.
    func end(_ id: SequenceID) {
        scheduler.end(id)
        consumers[id] = nil
    }

    /// Sends the next microbatch, or waits for one to come back; false when there is nothing to do.
    ///
    /// - Parameter isInterrupted: Asked while waiting; where it says so, there is something better to do first.
    func step(unless isInterrupted: () -> Bool = { false }) throws -> Bool {
        while try pipeline.hasArrived() { try collect() }
        if scheduler.cut(into: &microbatch) {
            try submit()
        } else if pipeline.inFlightCount > 0 {
            if try pipeline.waitForArrival(unless: isInterrupted) { try collect() }
        } else {
            return false
        }
        return true
    }

    /// Lets the other stages sleep until there is work again.
    func rest() throws { try pipeline.rest() }

    private func submit() throws {
        for span in microbatch.spans { announce(span) }
        computedRowCount += microbatch.rowCount
        let seconds = try pipeline.submit(microbatch) { hidden in
            var row = 0
            for span in microbatch.spans {
                ends.embed(scheduler.tokens(of: span), into: hidden + row * configuration.hiddenSize)
                row += Int(span.count)
            }
        }
        guard pipeline.hasLayers else { return }
        scheduler.cost.observe(rows: microbatch.rowCount, seeing: microbatch.positionsSeen, seconds: seconds)
    }

    private func announce(_ span: Span) {
        guard let (id, reused) = scheduler.beginning(of: span) else { return }
        consumers[id]?.begin(reusing: reused)
    }

    /// Takes one microbatch off the ring and hands out its logits.
    private func collect() throws {
        try pipeline.collect { spans, hidden in
            let sequences = scheduler.returned()
            var rows = LogitRows(spans)
            try ends.forEachRow(of: hidden, count: rows.count) { row, logits in
                if row % OutputHead.tileRows == 0 {
                    pipeline.note(.head, rows: min(OutputHead.tileRows, rows.count - row))
                }
                let (index, position) = rows.next()
                try deliver(logits, after: position, to: sequences[index])
                pipeline.note(.sample, rows: 1)
            }
        }
    }

    private func deliver(_ logits: UnsafeBufferPointer<Float>, after position: Int, to id: SequenceID) throws {
        guard let consumer = consumers[id] else { return }
        switch try consumer.take(logits, after: position, &sampler) {
        case .token(let token):
            sampledTokenCount += 1
            scheduler.append(token, to: id)
        case .end:
            sampledTokenCount += 1
            end(id)
        case .none: break
        }
    }
}

/// Walks over the rows of a microbatch that want logits.
private struct LogitRows {
    private let spans: Spans
    private var span = 0
    private var row = 0

    init(_ spans: Spans) { self.spans = spans }

    var count: Int { spans.reduce(0) { $0 + Int($1.logitRows) } }

    /// The next row's span and the position of its token.
    mutating func next() -> (span: Int, position: Int) {
        while row == Int(spans[span].logitRows) { (span, row) = (span + 1, 0) }
        defer { row += 1 }
        return (span, Int(spans[span].firstPosition + spans[span].count - spans[span].logitRows) + row)
    }
}
