/// YaRN (Peng et al., arXiv:2309.00071): like Llama 3.1's scaling with a ramp over the pairs' numbers, and larger scores.
public struct YaRNScaling: Sendable, Equatable, Codable {
    public var factor: Double
    public var originalContextLength: Int
    /// Rotations in the original context from which on a pair keeps its frequency.
    public var betaFast: Double
    /// Rotations in the original context up to which a pair is slowed by the whole `factor`.
    public var betaSlow: Double
    /// What cosines and sines are multiplied by; nil: what the paper takes, 0.1 ln(factor) + 1.
    public var attentionFactor: Double?
    /// Weights of ln(factor) in a quotient that takes the place of `attentionFactor`, where both are given.
    public var scales: Scales?
    /// Whether the ramp begins and ends at whole pairs.
    public var truncates: Bool

    public struct Scales: Sendable, Equatable, Codable {
        public var numerator: Double
        public var denominator: Double

        public init(numerator: Double, denominator: Double) {
            self.numerator = numerator
            self.denominator = denominator
        }
    }

    public init(
        factor: Double, originalContextLength: Int, betaFast: Double = 32, betaSlow: Double = 1,
        attentionFactor: Double? = nil, scales: Scales? = nil, truncates: Bool = true
    ) {
        self.factor = factor
        self.originalContextLength = originalContextLength
        self.betaFast = betaFast
        self.betaSlow = betaSlow
        self.attentionFactor = attentionFactor
        self.scales = scales
        self.truncates = truncates
    }
}
