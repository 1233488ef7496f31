/// Finds the scale of a few elements by trying several roundings and solving least squares for each.
enum ScaleSearch {
    /// A scale and a minimum, both at least 0, so that value = scale * level - minimum with levels 0...highestLevel.
    /// Larger values weigh more, as they matter more to a dot product.
    static func scaleAndMinimum(
        _ values: UnsafePointer<Float>, count: Int, highestLevel: Int
    ) -> (scale: Float, minimum: Float) {
        var (low, high, square) = (Float(0), values[0], Float(0))
        for index in 0..<count {
            low = min(low, values[index])
            high = max(high, values[index])
            square += values[index] * values[index]
        }
        guard high > low else { return (0, -low) }
        let typical = (square / Float(count)).squareRoot()
        var best = (scale: (high - low) / Float(highestLevel), minimum: -low)
        var leastError = Float.infinity
        for step in 0...20 {
            let inverse = (Float(highestLevel) - 1 + 0.1 * Float(step)) / (high - low)
            var sums = Sums()
            for index in 0..<count {
                let level = nearestLevel((values[index] - low) * inverse, 0, Float(highestLevel))
                sums.add(value: values[index], level: level, weight: typical + abs(values[index]))
            }
            guard let line = sums.line, line.error < leastError else { continue }
            leastError = line.error
            best = (line.scale, line.minimum)
        }
        return best
    }

    /// A scale of any sign so that value = scale * level with levels -32...31.
    static func signedScale(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var extreme: Float = 0
        for index in 0..<count where abs(values[index]) > abs(extreme) { extreme = values[index] }
        guard extreme != 0 else { return 0 }
        var (best, bestGain) = (extreme / -32, Float(0))
        for step in -9...9 {
            let inverse = (-32 + 0.1 * Float(step)) / extreme
            var (product, square) = (Float(0), Float(0))
            for index in 0..<count {
                let (value, weight) = (values[index], values[index] * values[index])
                let level = nearestLevel(value * inverse, -32, 31)
                product += weight * value * level
                square += weight * level * level
            }
            // The weighted error is a constant less this gain.
            guard square > 0, product * product > bestGain * square else { continue }
            (best, bestGain) = (product / square, product * product / square)
        }
        return best
    }

    /// Sums for the weighted least-squares line through (level, value).
    private struct Sums {
        var (weight, level, value, levelSquare, product, valueSquare) = (
            Float(0), Float(0), Float(0), Float(0), Float(0), Float(0)
        )

        mutating func add(value x: Float, level q: Float, weight w: Float) {
            weight += w
            level += w * q
            value += w * x
            levelSquare += w * q * q
            product += w * q * x
            valueSquare += w * x * x
        }

        /// The line whose offset is not positive, and its error.
        var line: (scale: Float, minimum: Float, error: Float)? {
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
}

/// The integer nearest to `value` (ties to even) inside a small range. Adding 1.5 * 2^23 leaves no bits for a fraction.
func nearestLevel(_ value: Float, _ low: Float, _ high: Float) -> Float {
    (clamped(value, low, high) + 0x1.8p23) - 0x1.8p23
}
