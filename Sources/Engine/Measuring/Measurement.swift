import Ring

/// What one timed run of prompts and generation took.
public struct Measurement: Sendable {
    /// Prompt tokens of all sequences.
    public let promptTokens: Int
    /// From the start to the first token, of each sequence.
    public let timesToFirstToken: [Double]
    /// Seconds from one token to the next, of all sequences.
    public let interTokenSeconds: [Double]
    /// Seconds of decoding, from the first tokens to the last one.
    public let decodeSeconds: Double
    /// Microbatches of decoding, each of which reads the weights once.
    public let decodeMicrobatches: Int
    /// Microbatches of the prompts.
    public let prefillMicrobatches: Int
    /// Where the stages' time went while the prompts were computed, by rank.
    public let prefillStages: [StageTimes]
    /// The same while decoding.
    public let stages: [StageTimes]
    /// The number by which a trace knows the events of decoding; nil where none is taken.
    public let decodePhase: Int?

    /// Rates are summed over the sequences.
    public var prefillRate: Double { Double(promptTokens) / (timesToFirstToken.max() ?? 0) }
    public var decodeRate: Double { Double(interTokenSeconds.count) / decodeSeconds }
}
