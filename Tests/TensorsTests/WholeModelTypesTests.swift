import Testing

@testable import Tensors

/// The quantizers that whole models go through are written for vector registers; here are the same steps as one would say them.
@Suite struct WholeModelTypesTests {
    /// Blocks of all magnitudes, with ties, zeros of both signs and what is no finite number.
    private func blocks() -> [[Float]] {
        var random = RandomWeights(seed: 7, stream: 1)
        let odd: [Float] = [0, -0, .nan, .infinity, -.infinity, 0.5, -0.5, 1, -1, 127, -128, .leastNonzeroMagnitude]
        return (0..<4000).map { round in
            (0..<32).map { _ in
                let bits = random.next()
                if round % 4 == 0, bits & 7 == 0 { return odd[Int(bits >> 8) % odd.count] }
                // Small whole and half numbers meet ties, the others are any floats.
                if round % 4 == 1 { return Float(Int(bits >> 8) % 255 - 127) / 2 }
                return Float(sign: bits & 8 == 0 ? .plus : .minus, exponent: Int(bits >> 4) % 40 - 20, significand: 1)
                    * (1 + Float(bits >> 40) * 0x1p-24)
            }
        }
    }

    private func extreme(_ values: [Float]) -> Float {
        values.reduce(Float(0)) { abs($1) > abs($0) ? $1 : $0 }
    }

    @Test func q4_0() {
        for values in blocks() {
            let d = extreme(values) / -8
            let levels = values.map { UInt8(clamped($0 * reciprocal(d) + 8.5, 0, 15)) }
            let quants = (0..<16).map { levels[$0] | levels[$0 + 16] << 4 }
            #expect(Array(quantized(.q4_0, values).dropFirst(2)) == quants, "\(values)")
        }
    }

    @Test func q8_0() {
        for values in blocks() {
            let inverse = reciprocal(abs(extreme(values)) / 127)
            let quants = values.map {
                UInt8(bitPattern: Int8(clamped(($0 * inverse).rounded(.toNearestOrAwayFromZero), -127, 127)))
            }
            #expect(Array(quantized(.q8_0, values).dropFirst(2)) == quants, "\(values)")
        }
    }
}
