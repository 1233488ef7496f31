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
