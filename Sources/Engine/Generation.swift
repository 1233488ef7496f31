import Requests
import Sampling
import Tokenization

/// One sequence as it grows: its tokens, its text, and the rules that end it.
struct Generation {
    /// The prompt and every sampled token.
    private(set) var history: [TokenID]
    private(set) var stopReason: StopReason?

    private let request: GenerationRequest
    private let endTokens: Set<TokenID>
    private var detokenizer: StreamingDetokenizer?
    private var stopStrings: StopStrings
    private var text = ""
    private var logitsHash: LogitsHash?

    init(
        _ request: GenerationRequest, contextLength: Int, tokenizer: Tokenizer?, hashesLogits: Bool
    ) throws {
        self.request = request
        history = request.promptIDs
        // The token sampled last needs no place in the context.
        let room = contextLength + 1 - request.promptIDs.count
        history.reserveCapacity(request.promptIDs.count + min(request.maxTokens, room))
        endTokens = request.ignoresEndTokens ? [] : tokenizer?.vocabulary.endOfGeneration ?? []
        detokenizer = tokenizer.map { StreamingDetokenizer($0, includeSpecial: false) }
        stopStrings = try StopStrings(request.stopStrings)
        logitsHash = hashesLogits ? LogitsHash() : nil
    }

    /// How many tokens were sampled.
    var sampledCount: Int { history.count - request.promptIDs.count }

    mutating func hash(_ logits: UnsafeBufferPointer<Float>) { logitsHash?.append(logits) }

    /// Adds a sampled token and returns the text that became certain.
    mutating func append(_ id: TokenID) -> String {
        history.append(id)
        let isEnd = endTokens.contains(id)
        let certain = isEnd ? "" : release(detokenizer?.append(id) ?? "")
        if isEnd || stopStrings.match != nil {
            stopReason = .stop
        } else if sampledCount == request.maxTokens {
            stopReason = .length
        }
        return certain
    }

    /// Releases the text that was held back, since nothing follows it.
    mutating func finish() -> String {
        let certain = release(detokenizer?.finish() ?? "")
        let held = String(decoding: stopStrings.finish(), as: UTF8.self)
        text += held
        return certain + held
    }

    /// Ends it before its time.
    mutating func cancel() { stopReason = .cancelled }

    func result(_ timings: Timings) -> GenerationResult {
        GenerationResult(
            promptIDs: request.promptIDs, ids: Array(history[request.promptIDs.count...]), text: text,
            stopReason: stopReason ?? .length, seed: request.seed, logitsHash: logitsHash?.hex, timings: timings)
    }

    private mutating func release(_ piece: String) -> String {
        let certain = stopStrings.append(piece)
        text += certain
        return certain
    }
}
