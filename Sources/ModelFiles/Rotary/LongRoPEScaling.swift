/// LongRoPE (Ding et al., arXiv:2402.13753): two searched lists of divisors, one for runs whose context is longer than the
/// original one. A run keeps to one list, since keys in the cache cannot change to the other.
public struct LongRoPEScaling: Sendable, Equatable, Codable {
    /// One divisor per pair.
    public var shortFactors: [Float]
    public var longFactors: [Float]
    public var originalContextLength: Int
    /// How many times longer than the original the model's context is.
    public var factor: Double
    /// What cosines and sines are multiplied by; nil: what the paper takes, sqrt(1 + ln(factor) / ln(original)).
    public var attentionFactor: Double?

    public init(
        shortFactors: [Float], longFactors: [Float], originalContextLength: Int, factor: Double,
        attentionFactor: Double? = nil
    ) {
        self.shortFactors = shortFactors
        self.longFactors = longFactors
        self.originalContextLength = originalContextLength
        self.factor = factor
        self.attentionFactor = attentionFactor
    }
}
