import ReportSchemas
import Requests
import Tokenization

/// A finished request of a batch job, as a line of JSON.
struct BatchResult: Encodable {
    let id: LineID
    let promptTokens: Int
    /// With `--json` only, as is the hash: prompts may be long, and people have them.
    let promptIDs: [TokenID]?
    let ids: [TokenID]
    let text: String
    let stopReason: StopReason
    /// Whether the answer ends where the context is full, before it has all the tokens that were asked for; else nil.
    let cutByContext: Bool?
    let seed: UInt64
    let logitsHash: String?
    let timings: TimingsReport

    enum CodingKeys: String, CodingKey {
        case promptIDs = "promptIds"
        case id, promptTokens, ids, text, stopReason, cutByContext, seed, logitsHash, timings
    }

    /// - Parameter maxTokens: As many were asked for.
    init(_ id: LineID, _ result: GenerationResult, maxTokens: Int) {
        self.id = id
        promptTokens = result.promptIDs.count
        promptIDs = result.logitsHash.map { _ in result.promptIDs }
        ids = result.ids
        text = result.text
        stopReason = result.stopReason
        cutByContext = result.stopReason == .length && result.ids.count < maxTokens ? true : nil
        seed = result.seed
        logitsHash = result.logitsHash
        timings = TimingsReport(result.timings, showsQueue: true)
    }
}
