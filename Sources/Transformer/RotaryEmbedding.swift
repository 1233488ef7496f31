import Elementary
import Kernels
import ModelFiles

/// Rotary position embedding (Su et al. 2021, RoFormer): pairs of a head's elements turn by position times frequency.
///
/// Frequencies and angles are formed in double precision and rounded once, so that they are the same on every machine.
struct RotaryEmbedding: Sendable {
    /// Radians per position of each pair.
    let inverseFrequencies: [Double]
    let pairing: RotaryPairing

    init(_ configuration: RotaryConfiguration) {
        let count = configuration.dimensionCount
        pairing = configuration.pairing == .adjacent ? .adjacent : .halves
        let logTheta = Transcendental.log(configuration.theta)
        inverseFrequencies = (0..<count / 2).map { pair in
            let frequency = Transcendental.exp(-logTheta * Double(2 * pair) / Double(count))
            let factor = configuration.frequencyFactors.map { Double($0[pair]) } ?? 1
            return frequency / factor / configuration.linearFactor
        }
    }

    /// Pairs per head.
    var pairCount: Int { inverseFrequencies.count }

    /// Writes the cosine and sine of each pair's angle at `position`, `pairCount` of each.
    func write(position: Int, cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>) {
        for (pair, frequency) in inverseFrequencies.enumerated() {
            let angle = Double(position) * frequency
            cosines[pair] = Float(Transcendental.cos(angle))
            sines[pair] = Float(Transcendental.sin(angle))
        }
    }
}
