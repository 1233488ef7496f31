import PipelineRuntime
import Tokenization

/// What one timed run of prompt and generation took.
public struct Measurement: Sendable {
    public let promptTokens: Int
    /// From the start of the prompt to the first token.
    public let timeToFirstToken: Double
    /// Seconds between one token and the next.
    public let interTokenSeconds: [Double]
    /// Where the stages' time went while decoding, by rank.
    public let stages: [StageTimes]

    public var prefillRate: Double { Double(promptTokens) / timeToFirstToken }
    public var decodeRate: Double { Double(interTokenSeconds.count) / interTokenSeconds.reduce(0, +) }
}

extension Coordinator {
    /// Runs a prompt of made-up tokens and greedy decoding right after it, end tokens taken like any other.
    ///
    /// - Precondition: Both together fit the context, and `generateTokens` is at least 2.
    public func measure(promptTokens: Int, generateTokens: Int) throws -> Measurement {
        let prompt = (0..<promptTokens).map { TokenID((1 + $0 * 7919) % configuration.vocabSize) }
        forgetCache()
        _ = try pipeline.takeTimes()
        var interTokenSeconds: [Double] = []
        interTokenSeconds.reserveCapacity(generateTokens)
        let clock = ContinuousClock()
        var last = clock.now
        var token = try likeliestToken(after: prompt)
        let timeToFirstToken = last.duration(to: clock.now).seconds
        _ = try pipeline.takeTimes()
        last = clock.now
        for _ in 1..<generateTokens {
            token = try likeliestToken(after: CollectionOfOne(token))
            let now = clock.now
            interTokenSeconds.append(last.duration(to: now).seconds)
            last = now
        }
        let stages = try pipeline.takeTimes()
        try rest()
        return Measurement(
            promptTokens: promptTokens, timeToFirstToken: timeToFirstToken, interTokenSeconds: interTokenSeconds,
            stages: stages)
    }

    private func likeliestToken(after ids: some Collection<TokenID>) throws -> TokenID {
        var token: TokenID = 0
        try evaluate(ids, logits: .last) { _, logits in token = TokenID(try likeliest(logits)) }
        return token
    }
}
