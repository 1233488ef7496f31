/// Rotary position embedding (Su et al., arXiv:2104.09864): pairs of a head's first elements are rotated by angles that
/// grow with the position.
///
/// Without scaling, pair i of position p is rotated by p * theta^(-2i/dimensionCount) / frequencyFactors[i].
public struct RotaryConfiguration: Sendable, Equatable, Codable {
    /// Which elements of a head are rotated together.
    public enum Pairing: String, Sendable, Codable {
        /// Elements 2i and 2i+1: GGUF files of the Llama families, whose converter permutes wq and wk for it.
        case adjacent
        /// Elements i and i + dimensionCount/2: Hugging Face weights, and most other GGUF architectures.
        case halves
    }

    /// The base of the frequencies.
    public var theta: Double
    /// How many elements at the start of each head are rotated; even, at most the head's size.
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
