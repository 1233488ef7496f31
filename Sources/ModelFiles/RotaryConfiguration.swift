/// Rotary position embedding (Su et al., arXiv:2104.09864): pairs of a head's first elements turn by angles that grow
/// with the position.
///
/// Pair i of position p turns by p / linearFactor * theta^(-2i/dimensionCount) / frequencyFactors[i].
public struct RotaryConfiguration: Sendable, Equatable {
    /// Which elements of a head turn together.
    public enum Pairing: String, Sendable {
        /// Elements 2i and 2i+1: GGUF files of architecture `llama`, whose converter permutes wq and wk for it.
        case adjacent
        /// Elements i and i + dimensionCount/2: Hugging Face weights, and most other GGUF architectures.
        case halves
    }

    /// The base of the frequencies.
    public var theta: Double
    /// How many elements at the start of each head turn; even, at most the head's size.
    public var dimensionCount: Int
    public var pairing: Pairing
    /// Positions are divided by this (linear scaling); 1 without scaling.
    public var linearFactor: Double
    /// One divisor per pair (Llama 3.1's `rope_freqs`); nil means all 1.
    public var frequencyFactors: [Float]?

    public init(
        theta: Double, dimensionCount: Int, pairing: Pairing, linearFactor: Double = 1, frequencyFactors: [Float]? = nil
    ) {
        self.theta = theta
        self.dimensionCount = dimensionCount
        self.pairing = pairing
        self.linearFactor = linearFactor
        self.frequencyFactors = frequencyFactors
    }
}
