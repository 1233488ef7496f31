import ModelFiles
import PipelineRuntime
import Sampling
import Tokenization
import Transformer

/// Rank 0's part of a run: embeds tokens, keeps the ring busy with them, and turns what comes back into logits.
///
/// It follows one sequence, whose tokens up to `cachedIDs.count` are in the KV cache of every stage.
public final class Coordinator {
    public let configuration: ModelConfiguration
    public let contextLength: Int
    public let tokenizer: Tokenizer?

    var sampler: Sampler
    let pipeline: Pipeline
    private let embedding: TokenEmbedding
    private let outputHead: OutputHead
    private let prefillChunk: Int
    private var cachedIDs: [TokenID] = []

    init(
        model: Model, tokenizer: Tokenizer?, contextLength: Int, pipeline: Pipeline, outputHead: OutputHead,
        prefillChunk: Int
    ) {
        configuration = model.configuration
        self.contextLength = contextLength
        self.tokenizer = tokenizer
        self.pipeline = pipeline
        sampler = Sampler(vocabSize: model.configuration.vocabSize)
        embedding = TokenEmbedding(model)
        self.outputHead = outputHead
        self.prefillChunk = prefillChunk
    }

    /// Which tokens' logits are wanted: those that follow the last one, or every one.
    enum LogitRows { case last, all }

    /// Forgets what the KV cache holds beyond the tokens it shares with `ids`, and says how many it may keep.
    ///
    /// The last token is always computed again, since its logits are not kept.
    func reuseCache(for ids: [TokenID]) -> Int {
        let common = zip(cachedIDs, ids).prefix { $0 == $1 }.count
        let kept = min(common, ids.count - 1)
        cachedIDs.removeSubrange(kept...)
        return kept
    }

    func forgetCache() { cachedIDs.removeAll(keepingCapacity: true) }

    /// Takes `ids` through all stages after the tokens already cached, in chunks that follow each other down the ring.
    ///
    /// - Parameter body: Called in ascending order with the position of each row that wants logits and its logits
    ///   `[vocabSize]`, which it may change.
    func evaluate(
        _ ids: some Collection<TokenID>, logits wanted: LogitRows,
        _ body: (Int, UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
        var rest = ids[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(prefillChunk)
            rest = rest.dropFirst(chunk.count)
            let logitRows =
                switch wanted {
                case .all: chunk.count
                case .last: rest.isEmpty ? 1 : 0
                }
            if pipeline.inFlightCount == pipeline.depth { try collect(body) }
            try submit(chunk, logitRows: logitRows)
        }
        while pipeline.inFlightCount > 0 { try collect(body) }
    }

    private func submit(_ chunk: some Collection<TokenID>, logitRows: Int) throws {
        let span = Span(slot: 0, firstPosition: cachedIDs.count, count: chunk.count, logitRows: logitRows)
        try pipeline.submit(CollectionOfOne(span)) { embedding.write(chunk, to: $0) }
        cachedIDs.append(contentsOf: chunk)
    }

    /// Takes one microbatch off the ring and hands out its logits.
    private func collect(_ body: (Int, UnsafeBufferPointer<Float>) throws -> Void) throws {
        try pipeline.collect { spans, hidden in
            let span = spans[0]
            let firstPosition = Int(span.firstPosition + span.count - span.logitRows)
            try outputHead.forEachRow(of: hidden, count: Int(span.logitRows)) { row, logits in
                try body(firstPosition + row, logits)
            }
        }
    }

    /// Lets the other stages sleep until there is work again.
    func rest() throws { try pipeline.rest() }
}
