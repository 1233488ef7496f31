/// What `generate --json` prints, and `chat --json` of each turn.
public struct GenerationReport: Codable, Sendable {
    public var promptIDs: [Int32]
    /// Every sampled token, the end token included.
    public var ids: [Int32]
    /// Without special tokens.
    public var text: String
    /// `stop`, `length` or `cancelled`.
    public var stopReason: String
    public var seed: UInt64
    public var ranks: Int
    public var threads: Int
    /// Layers of each rank.
    public var partition: [Int]
    /// Of the logits of every row sampled from, as 16 hexadecimal digits.
    public var logitsHash: String?
    public var timings: TimingsReport
    public var loading: LoadingReport?
    /// Only where it is: nothing was computed.
    public var emulated: Bool?

    public init(
        promptIDs: [Int32], ids: [Int32], text: String, stopReason: String, seed: UInt64, ranks: Int, threads: Int,
        partition: [Int], logitsHash: String? = nil, timings: TimingsReport, loading: LoadingReport? = nil,
        emulated: Bool? = nil
    ) {
        self.promptIDs = promptIDs
        self.ids = ids
        self.text = text
        self.stopReason = stopReason
        self.seed = seed
        self.ranks = ranks
        self.threads = threads
        self.partition = partition
        self.logitsHash = logitsHash
        self.timings = timings
        self.loading = loading
        self.emulated = emulated
    }

    private enum CodingKeys: String, CodingKey {
        // What the strategies for keys make of `prompt_ids`.
        case promptIDs = "promptIds"
        case ids, text, stopReason, seed, ranks, threads, partition, logitsHash, timings, loading, emulated
    }
}
