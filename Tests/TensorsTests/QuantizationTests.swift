import Testing

@testable import Tensors

/// Roughly normal numbers with a few outliers, as weights are.
private func weights(_ count: Int, seed: UInt64) -> [Float] {
    var generator = RandomWeights(seed: seed, stream: 0)
    return (0..<count).map { index in
        let sum = (0..<6).reduce(Float(0)) { total, _ in total + Float(generator.next() >> 40) * 0x1p-24 }
        return (sum - 3) * (index % 61 == 0 ? 4 : 1)
    }
}

private func relativeError(_ values: [Float], _ restored: [Float]) -> Float {
    let error = zip(values, restored).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (error / values.reduce(0) { $0 + $1 * $1 }).squareRoot()
}

@Suite struct QuantizationTests {
    /// One element in 61 is an outlier four times as large, which costs every block-wise type a little.
    @Test(arguments: [
        (ElementType.f32, Float(0)), (.f16, 3e-4), (.bf16, 2.5e-3), (.q8_0, 0.008), (.q6_K, 0.022), (.q5_K, 0.042),
        (.q5_1, 0.045), (.q5_0, 0.055), (.q4_K, 0.08), (.q4_1, 0.09), (.q4_0, 0.11),
    ])
    func errorIsSmall(_ type: ElementType, bound: Float) {
        let values = weights(16_384, seed: 7)
        let error = relativeError(values, dequantized(type, quantized(type, values)))
        #expect(error <= bound, "\(type.name): \(error)")
    }

    @Test(arguments: ElementType.allCases.filter(\.isWritable))
    func zerosStayZeros(_ type: ElementType) {
        let values = [Float](repeating: 0, count: 512)
        #expect(dequantized(type, quantized(type, values)).allSatisfy { $0 == 0 })
    }

    @Test(arguments: ElementType.allCases.filter(\.isWritable))
    func constantsStayClose(_ type: ElementType) {
        for constant in [Float(1.25), -0.75] {
            let values = [Float](repeating: constant, count: 512)
            #expect(relativeError(values, dequantized(type, quantized(type, values))) < 0.02)
        }
    }

    /// Files may hold anything: no value traps.
    @Test(arguments: ElementType.allCases.filter(\.isWritable))
    func nothingTraps(_ type: ElementType) {
        for odd in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude] {
            var values = weights(512, seed: 9)
            values[3] = odd
            values[300] = -odd
            _ = quantized(type, values)
            _ = quantized(type, [Float](repeating: odd, count: 512))
        }
    }
}

@Suite struct RandomWeightsTests {
    @Test(arguments: ElementType.allCases)
    func haveTheAskedDeviation(_ type: ElementType) {
        let count = 1 << 17
        var bytes = [UInt8](repeating: 0, count: type.byteCount(of: count))
        var generator = RandomWeights(seed: 3, stream: 5)
        generator.fill(type, deviation: 0.02, count: count, into: &bytes)
        let values = dequantized(type, bytes)
        let mean = values.reduce(0) { $0 + Double($1) } / Double(count)
        let variance = values.reduce(0) { $0 + Double($1) * Double($1) } / Double(count)
        #expect(values.allSatisfy { $0.isFinite })
        #expect(abs(mean) < 0.02 * 0.03, "\(type.name): \(mean)")
        #expect(abs(variance.squareRoot() / 0.02 - 1) < 0.02, "\(type.name): \(variance.squareRoot())")
    }

    @Test func dependOnSeedAndStreamOnly() {
        func bytes(_ seed: UInt64, _ stream: UInt64) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: ElementType.q4_0.byteCount(of: 4096))
            var generator = RandomWeights(seed: seed, stream: stream)
            generator.fill(.q4_0, deviation: 1, count: 4096, into: &bytes)
            return bytes
        }
        #expect(bytes(1, 2) == bytes(1, 2))
        #expect(bytes(1, 2) != bytes(1, 3))
        #expect(bytes(1, 2) != bytes(2, 2))
        #expect(bytes(1, 2) != bytes(2, 1))
    }
}
