import Elementary
import Kernels
import ModelFiles

/// Rotary position embedding (Su et al. 2021, RoFormer): pairs of a head's elements are rotated by position times frequency.
///
/// Frequencies and angles are formed in double precision and rounded once, so that they are the same on every machine.
struct RotaryEmbedding: Sendable {
    /// Radians per position of each pair.
    let inverseFrequencies: [Double]
    let pairing: RotaryPairing
    /// What cosines and sines are multiplied by, so that scores grow by its square.
    let magnitude: Double

    /// - Parameter contextLength: the most positions of the run, on which LongRoPE's choice depends.
    init(_ configuration: RotaryConfiguration, contextLength: Int) {
        pairing = configuration.pairing == .adjacent ? .adjacent : .halves
        let scaling = configuration.scaling
        magnitude = scaling.magnitude
        let frequencies = Self.unscaled(configuration)
        inverseFrequencies =
            switch scaling {
            case .none: frequencies
            case .linear(let factor): frequencies.map { $0 / factor }
            case .llama3(let scaling): frequencies.map(scaling.scaled)
            case .yarn(let scaling): scaling.scaled(frequencies, theta: configuration.theta)
            case .longRoPE(let scaling): zip(frequencies, scaling.factors(for: contextLength)).map { $0 / Double($1) }
            }
    }

    private static func unscaled(_ configuration: RotaryConfiguration) -> [Double] {
        let count = configuration.dimensionCount
        let logTheta = Transcendental.log(configuration.theta)
        return (0..<count / 2).map { pair in
            let frequency = Transcendental.exp(-logTheta * Double(2 * pair) / Double(count))
            return frequency / (configuration.frequencyFactors.map { Double($0[pair]) } ?? 1)
        }
    }

    /// Pairs per head.
    var pairCount: Int { inverseFrequencies.count }

    /// Writes the cosine and sine of each pair's angle at `position`, `pairCount` of each.
    func write(position: Int, cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>) {
        for (pair, frequency) in inverseFrequencies.enumerated() {
            let angle = Double(position) * frequency
            cosines[pair] = Float(Transcendental.cos(angle) * magnitude)
            sines[pair] = Float(Transcendental.sin(angle) * magnitude)
        }
    }
}
