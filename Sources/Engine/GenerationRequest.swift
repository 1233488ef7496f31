import Sampling
import Tokenization

/// What to generate: together with the model this decides every sampled token.
public struct GenerationRequest: Sendable, Codable {
    public var promptIDs: [TokenID]
    /// The most tokens to sample.
    public var maxTokens: Int
    public var parameters: SamplingParameters
    public var seed: UInt64
    /// Generation ends before any of these appears in the text.
    public var stopStrings: [String]
    /// Whether end tokens are sampled like any other.
    public var ignoresEndTokens: Bool
    /// Whether keys and values that other sequences left in the cache may be used; the tokens are the same.
    public var reusesPrefix: Bool
    /// Which of several answers to the same prompt this is: with one seed each draws other random numbers.
    public var choice: UInt32 = 0
    /// nil: none are computed.
    public var logprobs: LogprobsRequest?

    public init(
        promptIDs: [TokenID], maxTokens: Int, parameters: SamplingParameters, seed: UInt64, stopStrings: [String] = [],
        ignoresEndTokens: Bool = false, reusesPrefix: Bool = true
    ) {
        self.promptIDs = promptIDs
        self.maxTokens = maxTokens
        self.parameters = parameters
        self.seed = seed
        self.stopStrings = stopStrings
        self.ignoresEndTokens = ignoresEndTokens
        self.reusesPrefix = reusesPrefix
    }
}

/// Which log-probabilities to tell of.
public struct LogprobsRequest: Sendable, Codable {
    /// How many of the likeliest tokens beside each one.
    public var likeliest: Int
    /// Whether the prompt's tokens are told of too; then `maxTokens` may be 0.
    public var includesPrompt: Bool

    public init(likeliest: Int, includesPrompt: Bool = false) {
        self.likeliest = likeliest
        self.includesPrompt = includesPrompt
    }
}

/// One sampled token, as whoever streams is told of it.
public struct SampledToken: Sendable, Codable {
    public var id: TokenID
    /// Text that became certain with it: whole characters, no part of a stop string; often, but not always, its own.
    public var text: String
    /// Where they were asked for.
    public var logprobs: TokenLogprobs?

    public init(id: TokenID, text: String, logprobs: TokenLogprobs? = nil) {
        self.id = id
        self.text = text
        self.logprobs = logprobs
    }
}

/// Why a generation ended.
public enum StopReason: String, Sendable, Codable {
    /// An end token or a stop string.
    case stop
    /// The asked number of tokens, or the end of the context.
    case length
    /// Whoever asked for it wanted no more.
    case cancelled
}

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

/// Measured times of one generation.
public struct Timings: Sendable, Codable {
    /// Prompt tokens computed; those found in the KV cache are not among them.
    public var prefillTokens = 0
    /// Prompt tokens found in the KV cache.
    public var reusedTokens = 0
    public var prefillSeconds = 0.0
    /// From the request to the first microbatch.
    public var queueSeconds = 0.0
    /// Tokens sampled after the first.
    public var decodeTokens = 0
    public var decodeSeconds = 0.0
    /// From the request to the first sampled token (TTFT).
    public var timeToFirstToken = 0.0

    public init() {}

    /// Prompt tokens per second; zero where nothing was computed.
    public var prefillRate: Double { prefillSeconds > 0 ? Double(prefillTokens) / prefillSeconds : 0 }
    /// Tokens per second after the first; zero where there was none.
    public var decodeRate: Double { decodeSeconds > 0 ? Double(decodeTokens) / decodeSeconds : 0 }
}
