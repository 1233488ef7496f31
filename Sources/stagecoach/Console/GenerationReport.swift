import Engine
import Requests
import Tokenization

/// What `generate --json` prints.
struct GenerationReport: Encodable {
    struct TimingsReport: Encodable {
        let prefillTokens: Int
        let prefillSeconds: Double
        let decodeTokens: Int
        let decodeSeconds: Double
        let ttftSeconds: Double
        /// How long it waited for its turn; where many requests run.
        let queueSeconds: Double?

        init(_ timings: Timings, showsQueue: Bool = false) {
            prefillTokens = timings.prefillTokens
            prefillSeconds = timings.prefillSeconds
            decodeTokens = timings.decodeTokens
            decodeSeconds = timings.decodeSeconds
            ttftSeconds = timings.timeToFirstToken
            queueSeconds = showsQueue ? timings.queueSeconds : nil
        }
    }

    let promptIDs: [TokenID]
    let ids: [TokenID]
    let text: String
    let stopReason: StopReason
    let seed: UInt64
    let ranks: Int
    let threads: Int
    let partition: [Int]
    let logitsHash: String?
    let timings: TimingsReport
    let loading: LoadingReport?
    /// Only where it is: nothing was computed.
    let emulated: Bool?

    enum CodingKeys: String, CodingKey {
        case promptIDs = "promptIds"
        case ids, text, stopReason, seed, ranks, threads, partition, logitsHash, timings, loading, emulated
    }

    init(_ result: GenerationResult, _ facts: JobFacts) {
        promptIDs = result.promptIDs
        ids = result.ids
        text = result.text
        stopReason = result.stopReason
        seed = result.seed
        ranks = facts.rankCount
        threads = facts.threadCount
        partition = facts.partition
        logitsHash = result.logitsHash
        timings = TimingsReport(result.timings)
        loading = facts.loading.map(LoadingReport.init)
        emulated = facts.isEmulated ? true : nil
    }
}
