/// Finds the scale of a few elements by trying several roundings and solving least squares for each.
///
/// Eight roundings are tried side by side, one in each lane: every sum keeps the order of its additions, and vector registers
/// are filled all the same.
enum ScaleSearch {
    private typealias Lanes = SIMD8<Float>

    /// A scale and a minimum, both at least 0, so that value = scale * level - minimum with levels 0...highestLevel.
    /// Larger values weigh more, as they matter more to a dot product.
    static func scaleAndMinimum(
        _ values: UnsafePointer<Float>, count: Int, highestLevel: Int
    ) -> (scale: Float, minimum: Float) {
        let highest = Float(highestLevel)
        var (low, high, square) = (Float(0), values[0], Float(0))
        for index in 0..<count {
            low = min(low, values[index])
            high = max(high, values[index])
            square += values[index] * values[index]
        }
        guard high > low else { return (0, -low) }
        let typical = (square / Float(count)).squareRoot()
        var fixed = FixedSums()
        for index in 0..<count { fixed.add(values[index], weight: typical + abs(values[index])) }
        var best = (scale: (high - low) / highest, minimum: -low)
        var leastError = Float.infinity
        for first in stride(from: 0, through: 20, by: Lanes.scalarCount) {
            var inverses = Lanes()
            for lane in 0..<Lanes.scalarCount {
                inverses[lane] = (highest - 1 + 0.1 * Float(first + lane)) / (high - low)
            }
            var (level, levelSquare, product) = (Lanes(), Lanes(), Lanes())
            for index in 0..<count {
                let value = values[index]
                let levels = nearestLevels((value - low) * inverses, 0, highest)
                let weighted = (typical + abs(value)) * levels
                level += weighted
                levelSquare += weighted * levels
                product += weighted * value
            }
            for lane in 0..<min(Lanes.scalarCount, 21 - first) {
                guard
                    let line = fixed.line(level: level[lane], levelSquare: levelSquare[lane], product: product[lane]),
                    line.error < leastError
                else { continue }
                leastError = line.error
                best = (line.scale, line.minimum)
            }
        }
        return best
    }

    /// A scale of any sign so that value = scale * level with levels -32...31.
    static func signedScale(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var extreme: Float = 0
        for index in 0..<count where abs(values[index]) > abs(extreme) { extreme = values[index] }
        guard extreme != 0 else { return 0 }
        var (best, bestGain) = (extreme / -32, Float(0))
        for first in stride(from: -9, through: 9, by: Lanes.scalarCount) {
            var inverses = Lanes()
            for lane in 0..<Lanes.scalarCount { inverses[lane] = (-32 + 0.1 * Float(first + lane)) / extreme }
            var (product, square) = (Lanes(), Lanes())
            for index in 0..<count {
                let value = values[index]
                let (levels, weight) = (nearestLevels(value * inverses, -32, 31), value * value)
                product += weight * value * levels
                square += weight * levels * levels
            }
            for lane in 0..<min(Lanes.scalarCount, 10 - first) {
                let (product, square) = (product[lane], square[lane])
                // The weighted error is a constant less this gain.
                guard square > 0, product * product > bestGain * square else { continue }
                (best, bestGain) = (product / square, product * product / square)
            }
        }
        return best
    }

    /// Those sums for the weighted least-squares line through (level, value) in which no level stands.
    private struct FixedSums {
        var (weight, value, valueSquare) = (Float(0), Float(0), Float(0))

        mutating func add(_ x: Float, weight w: Float) {
            weight += w
            value += w * x
            valueSquare += w * x * x
        }

        /// The line whose offset is not positive, and its error.
        func line(
            level: Float, levelSquare: Float, product: Float
        ) -> (scale: Float, minimum: Float, error: Float)? {
            let determinant = weight * levelSquare - level * level
            guard determinant > 0 else { return nil }
            var scale = (weight * product - value * level) / determinant
            var offset = (levelSquare * value - level * product) / determinant
            if offset > 0 { (scale, offset) = (product / levelSquare, 0) }
            guard scale > 0 else { return nil }
            let error =
                scale * scale * levelSquare + offset * offset * weight + valueSquare + 2 * scale * offset * level
                - 2 * scale * product - 2 * offset * value
            return (scale, -offset, error)
        }
    }

    /// ``nearestLevel(_:_:_:)`` of each lane. The comparisons are those of the processor's minimum and maximum.
    @inline(__always)
    private static func nearestLevels(_ values: Lanes, _ low: Float, _ high: Float) -> Lanes {
        let (low, high) = (Lanes(repeating: low), Lanes(repeating: high))
        let raised = low.replacing(with: values, where: values .> low)
        let clamped = high.replacing(with: raised, where: raised .< high)
        return (clamped + 0x1.8p23) - 0x1.8p23
    }
}

/// The integer nearest to `value` (ties to even) inside a small range. Adding 1.5 * 2^23 leaves no bits for a fraction.
@inline(__always)
func nearestLevel(_ value: Float, _ low: Float, _ high: Float) -> Float {
    (clamped(value, low, high) + 0x1.8p23) - 0x1.8p23
}
