import Foundation
import ModelFiles
import Testing

@testable import Transformer

@Suite("Rotary embedding")
struct RotaryEmbeddingTests {
    @Test("Angles are position over theta^(2i/n), rounded once", arguments: [0, 1, 63, 4095, 1_000_000])
    func angles(position: Int) {
        let rotary = RotaryEmbedding(
            RotaryConfiguration(theta: 10_000, dimensionCount: 64, pairing: .adjacent))
        var cosines = [Float](repeating: 0, count: 32)
        var sines = cosines
        rotary.write(position: position, cosines: &cosines, sines: &sines)
        for pair in 0..<32 {
            let angle = Double(position) * Foundation.pow(10_000, -2 * Double(pair) / 64)
            // The reference's own angle is off by an ulp of a large number.
            let tolerance = 1e-7 + Double(position) * 3e-16
            #expect(abs(Double(cosines[pair]) - Foundation.cos(angle)) < tolerance)
            #expect(abs(Double(sines[pair]) - Foundation.sin(angle)) < tolerance)
        }
    }

    @Test("Linear scaling and frequency factors slow the turning")
    func scaling() {
        var configuration = RotaryConfiguration(theta: 10_000, dimensionCount: 8, pairing: .halves)
        let plain = RotaryEmbedding(configuration).inverseFrequencies
        configuration.linearFactor = 4
        configuration.frequencyFactors = [1, 2, 4, 8]
        let scaled = RotaryEmbedding(configuration).inverseFrequencies
        for (pair, factor) in [4.0, 8, 16, 32].enumerated() {
            #expect(abs(scaled[pair] - plain[pair] / factor) < 1e-15)
        }
    }
}
