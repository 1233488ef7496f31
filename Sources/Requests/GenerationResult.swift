import Tokenization

/// What was generated, and how long it took.
public struct GenerationResult: Sendable, Codable {
    public var promptIDs: [TokenID]
    /// Every sampled token, the end token included.
    public var ids: [TokenID]
    /// The text of `ids` without special tokens, up to a stop string.
    public var text: String
    public var stopReason: StopReason
    public var seed: UInt64
    /// 64-bit FNV-1a of the logits of every row sampled from, as 16 hexadecimal digits.
    public var logitsHash: String?
    public var timings: Timings

    public init(
        promptIDs: [TokenID], ids: [TokenID], text: String, stopReason: StopReason, seed: UInt64,
        logitsHash: String? = nil, timings: Timings = Timings()
    ) {
        self.promptIDs = promptIDs
        self.ids = ids
        self.text = text
        self.stopReason = stopReason
        self.seed = seed
        self.logitsHash = logitsHash
        self.timings = timings
    }
}
