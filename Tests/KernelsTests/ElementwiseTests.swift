import Glibc
import TestSupport
import Testing

@testable import Kernels

@Suite struct ElementwiseTests {
    @Test(arguments: InstructionSet.available) func exponentialIsAccurate(_ set: InstructionSet) {
        var x: [Float] = [0, -0.0, 88, 100, .infinity, -87.2, -87.31, -1e30, -.infinity, .nan, .leastNonzeroMagnitude]
        x += (0..<20_000).map { Float($0) * 0.00876 - 87.2 }
        var y = [Float](repeating: 0, count: x.count)
        KernelSet(set).exponentials(x, count: x.count, into: &y)
        #expect(y[0] == 1 && y[1] == 1 && y[2] == y[3] && y[3] == y[4] && y[2].isFinite)
        #expect(y[6] == 0 && y[7] == 0 && y[8] == 0 && y[9].isNaN)
        for (x, y) in zip(x, y) where x > -87.3 && x <= 88 {
            #expect(abs(Double(y) / exp(Double(x)) - 1) < 2e-7)
        }
        var expected = y
        KernelSet(.portable).exponentials(x, count: x.count, into: &expected)
        #expect(y.map(\.bitPattern) == expected.map(\.bitPattern))
    }

    @Test("A row and the remainder's row together stand for the floats to 15 bits")
    func remainders() throws {
        let count = 96
        var random = FixedRandom(7)
        var x = random.floats(count)
        x[5] = 300  // an outlier takes the resolution of its block away
        for i in 32..<64 { x[i] = 0 }
        let found = try compare { kernels in
            let rows = try Activations(rowCapacity: 2, columnCapacity: count)
            var scratch = [Float](repeating: 0, count: count)
            rows.quantize(x, row: 0, with: kernels)
            rows.quantizeRemainder(of: x, row: 0, into: 1, scratch: &scratch, with: kernels)
            return (0..<count).map { rows.value(row: 0, column: $0) + rows.value(row: 1, column: $0) }
        }
        for block in stride(from: 0, to: count, by: 32) {
            let largest = x[block..<block + 32].map(abs).max()!
            for i in block..<block + 32 { #expect(abs(found[i] - x[i]) <= largest / (127 * 254) * 1.01) }
        }
    }

    @Test(arguments: [1, 15, 16, 33, 576]) func normalizes(_ count: Int) {
        var random = FixedRandom(count)
        let x = random.floats(count)
        let weight = random.floats(count)
        let mean = x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(count)
        let expected = compare { kernels in
            var out = x
            kernels.rmsNorm(out, weight: weight, count: count, epsilon: 1e-5, into: &out)
            return out
        }
        for i in 0..<count {
            #expect(abs(Double(expected[i]) - Double(x[i]) / (mean + 1e-5).squareRoot() * Double(weight[i])) < 1e-5)
        }
    }

    @Test(arguments: [(1, 64, 32), (3, 80, 20), (2, 7, 3)]) func rotates(heads: Int, stride: Int, pairs: Int) {
        var random = FixedRandom(stride)
        let x = random.floats(heads * stride)
        let angles = (0..<pairs).map { Float($0) * 0.7 }
        let cosines = angles.map { cosf($0) }
        let sines = angles.map { sinf($0) }
        for pairing in [RotaryPairing.adjacent, .halves] {
            let result = compare { kernels in
                var out = x
                kernels.rotate(
                    &out, heads: heads, headStride: stride, cosines: cosines, sines: sines, pairCount: pairs,
                    pairing: pairing)
                return out
            }
            for head in 0..<heads {
                for i in 0..<pairs {
                    let first = head * stride + (pairing == .adjacent ? 2 * i : i)
                    let second = first + (pairing == .adjacent ? 1 : pairs)
                    #expect(abs(result[first] - (x[first] * cosines[i] - x[second] * sines[i])) < 1e-6)
                    #expect(abs(result[second] - (x[first] * sines[i] + x[second] * cosines[i])) < 1e-6)
                }
                let rest = head * stride + 2 * pairs..<(head + 1) * stride
                #expect(result[rest] == x[rest])
            }
        }
    }

    @Test(arguments: [1, 16, 50, 1536]) func gatesAndAdds(_ count: Int) {
        var random = FixedRandom(count)
        let gate = random.floats(count, in: -20...20)
        let up = random.floats(count)
        let gated = compare { kernels in
            var out = gate
            kernels.swiglu(gate: out, up: up, count: count, into: &out)
            return out
        }
        for i in 0..<count {
            let g = Double(gate[i])
            #expect(abs(Double(gated[i]) - g / (1 + exp(-g)) * Double(up[i])) < 1e-5)
        }
        let sum = compare { kernels in
            var out = gate
            kernels.add(up, to: &out, count: count)
            return out
        }
        #expect(sum == zip(gate, up).map { $0 + $1 })
    }

    /// The portable result, after checking that all instruction sets give its bits.
    private func compare(_ compute: (KernelSet) throws -> [Float]) rethrows -> [Float] {
        let expected = try compute(KernelSet(.portable))
        for set in InstructionSet.available {
            #expect(try compute(KernelSet(set)).map(\.bitPattern) == expected.map(\.bitPattern), "\(set)")
        }
        return expected
    }
}

extension Activations {
    /// What a quantized element stands for.
    fileprivate func value(row: Int, column: Int) -> Float {
        let scale = view.blocks[row * view.block_stride + column / 32].scales.0
        return scale * Float(view.quants[row * view.quant_stride + column])
    }
}
