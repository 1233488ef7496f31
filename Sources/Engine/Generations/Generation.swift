import Requests
import Sampling
import Tokenization

/// What becomes of sampled tokens: the text, and the rules that end it.
struct Generation {
    private(set) var stopReason: StopReason?
    /// How many tokens were sampled.
    private(set) var sampledCount = 0

    private let maxTokens: Int
    private let endTokens: Set<TokenID>
    private var detokenizer: StreamingDetokenizer?
    private var stopStrings: StopStrings
    private(set) var text = ""
    private var logitsHash: LogitsHash?

    init(_ request: GenerationRequest, tokenizer: Tokenizer?, hashesLogits: Bool) throws {
        maxTokens = request.maxTokens
        endTokens = request.ignoresEndTokens ? [] : tokenizer?.vocabulary.endOfGeneration ?? []
        detokenizer = tokenizer.map { StreamingDetokenizer($0, includeSpecial: false) }
        stopStrings = try StopStrings(request.stopStrings)
        logitsHash = hashesLogits ? LogitsHash() : nil
    }

    /// Of all rows that were sampled from, as 16 hexadecimal digits; nil where none is taken.
    var hash: String? { logitsHash?.hex }

    mutating func hash(_ logits: UnsafeBufferPointer<Float>) { logitsHash?.append(logits) }

    /// Takes a sampled token and returns the text that became certain.
    mutating func append(_ id: TokenID) -> String {
        sampledCount += 1
        let isEnd = endTokens.contains(id)
        let certain = isEnd ? "" : release(detokenizer?.append(id) ?? "")
        if isEnd || stopStrings.match != nil {
            stopReason = .stop
        } else if sampledCount == maxTokens {
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

    private mutating func release(_ piece: String) -> String {
        let certain = stopStrings.append(piece)
        text += certain
        return certain
    }
}
