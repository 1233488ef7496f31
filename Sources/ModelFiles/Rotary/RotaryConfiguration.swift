/// Rotary position embedding (Su et al., arXiv:2104.09864): pairs of a head's first elements turn by angles that grow
/// with the position.
///
/// Without scaling, pair i of position p turns by p * theta^(-2i/dimensionCount) / frequencyFactors[i].
public struct RotaryConfiguration: Sendable, Equatable, Codable {
    /// Which elements of a head turn together.
    public enum Pairing: String, Sendable, Codable {
        /// Elements 2i and 2i+1: GGUF files of the Llama families, whose converter permutes wq and wk for it.
        case adjacent
        /// Elements i and i + dimensionCount/2: Hugging Face weights, and most other GGUF architectures.
        case halves
    }

    /// The base of the frequencies.
    public var theta: Double
    /// How many elements at the start of each head turn; even, at most the head's size.
    public var dimensionCount: Int
    public var pairing: Pairing
    public var scaling: RotaryScaling
    /// One divisor per pair (GGUF's `rope_freqs`); nil means all 1.
    public var frequencyFactors: [Float]?

    public init(
        theta: Double, dimensionCount: Int, pairing: Pairing, scaling: RotaryScaling = .none,
        frequencyFactors: [Float]? = nil
    ) {
        self.theta = theta
        self.dimensionCount = dimensionCount
        self.pairing = pairing
        self.scaling = scaling
        self.frequencyFactors = frequencyFactors
    }
}

/// How a model's rotary embedding was stretched for contexts longer than it was first trained for.
public enum RotaryScaling: Sendable, Equatable, Codable {
    case none
    /// Positions are divided by `factor`.
    case linear(factor: Double)
    case llama3(Llama3Scaling)
    case yarn(YaRNScaling)
    case longRoPE(LongRoPEScaling)
}

/// Llama 3.1's scaling: slow pairs turn `factor` times slower, fast ones as ever, those between in between.
public struct Llama3Scaling: Sendable, Equatable, Codable {
    public var factor: Double
    /// Pairs that turn less often than this in the original context are slow.
    public var lowFrequencyFactor: Double
    /// Pairs that turn more often than this in the original context are fast.
    public var highFrequencyFactor: Double
    public var originalContextLength: Int

    public init(
        factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalContextLength: Int
    ) {
        self.factor = factor
        self.lowFrequencyFactor = lowFrequencyFactor
        self.highFrequencyFactor = highFrequencyFactor
        self.originalContextLength = originalContextLength
    }
}

/// YaRN (Peng et al., arXiv:2309.00071): like Llama 3.1's scaling with a ramp over the pairs' numbers, and larger scores.
public struct YaRNScaling: Sendable, Equatable, Codable {
    public var factor: Double
    public var originalContextLength: Int
    /// Turns in the original context from which on a pair keeps its frequency.
    public var betaFast: Double
    /// Turns in the original context up to which a pair is slowed by the whole `factor`.
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

/// LongRoPE (Ding et al., arXiv:2402.13753): two searched lists of divisors, one for runs whose context is longer than the
/// original one. A run keeps to one list, since keys in the cache cannot turn to the other.
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
