import Foundation
import ModelFiles
import Testing

@testable import Transformer

@Suite("Rotary embedding")
struct RotaryEmbeddingTests {
    @Test("Angles are position over theta^(2i/n), rounded once", arguments: [0, 1, 63, 4095, 1_000_000])
    func angles(position: Int) {
        let rotary = RotaryEmbedding(
            RotaryConfiguration(theta: 10_000, dimensionCount: 64, pairing: .adjacent), contextLength: 64)
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
        let plain = RotaryEmbedding(configuration, contextLength: 64).inverseFrequencies
        configuration.scaling = .linear(factor: 4)
        configuration.frequencyFactors = [1, 2, 4, 8]
        let scaled = RotaryEmbedding(configuration, contextLength: 64).inverseFrequencies
        for (pair, factor) in [4.0, 8, 16, 32].enumerated() {
            #expect(abs(scaled[pair] - plain[pair] / factor) < 1e-15)
        }
    }

    @Test("LongRoPE takes its list by the context of the run, and scores grow with both")
    func longRoPE() {
        var configuration = RotaryConfiguration(theta: 10_000, dimensionCount: 4, pairing: .halves)
        let plain = RotaryEmbedding(configuration, contextLength: 64).inverseFrequencies
        configuration.scaling = .longRoPE(
            LongRoPEScaling(shortFactors: [1, 2], longFactors: [4, 8], originalContextLength: 64, factor: 8))
        let short = RotaryEmbedding(configuration, contextLength: 64)
        let long = RotaryEmbedding(configuration, contextLength: 65)
        #expect(short.inverseFrequencies == [plain[0], plain[1] / 2])
        #expect(long.inverseFrequencies == [plain[0] / 4, plain[1] / 8])
        // sqrt(1 + ln 8 / ln 64)
        #expect(abs(short.magnitude - 1.5.squareRoot()) < 1e-12 && long.magnitude == short.magnitude)
    }

    @Test("YaRN: fast pairs keep their frequency, slow ones are slowed by the whole factor")
    func yarn() {
        var configuration = RotaryConfiguration(theta: 10_000, dimensionCount: 64, pairing: .halves)
        let plain = RotaryEmbedding(configuration, contextLength: 64).inverseFrequencies
        configuration.scaling = .yarn(YaRNScaling(factor: 4, originalContextLength: 4096))
        let rotary = RotaryEmbedding(configuration, contextLength: 64)
        #expect(rotary.inverseFrequencies.first == plain.first)
        #expect(rotary.inverseFrequencies.last == plain.last.map { $0 / 4 })
        for (scaled, plain) in zip(rotary.inverseFrequencies, plain) { #expect(scaled <= plain && scaled >= plain / 4) }
        #expect(abs(rotary.magnitude - (0.1 * Foundation.log(4.0) + 1)) < 1e-12)
    }
}
