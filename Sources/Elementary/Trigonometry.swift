/// Sine and cosine for the angles of rotary embeddings: position * inverse frequency.
extension Transcendental {
    /// The largest angle, in radians, that `sin` and `cos` take: up to here n in x = n * pi/2 + r has 23 bits, so its
    /// products with the parts of pi/2 are exact.
    public static let largestAngle = 1e7

    /// The sine of an angle in radians; NaN beyond `largestAngle`, where a silent loss of accuracy would be worse.
    public static func sin(_ x: Double) -> Double {
        // The next term, x^3 / 6, is under half a last bit; -0 stays -0.
        if x.magnitude < 0x1p-27 { return x }
        guard let (quarter, r, tail) = reduceByQuarterTurns(x) else { return .nan }
        switch quarter {
        case 0: return sinOfReduced(r, tail)
        case 1: return cosOfReduced(r, tail)
        case 2: return -sinOfReduced(r, tail)
        default: return -cosOfReduced(r, tail)
        }
    }

    /// The cosine of an angle in radians; NaN beyond `largestAngle`.
    public static func cos(_ x: Double) -> Double {
        guard let (quarter, r, tail) = reduceByQuarterTurns(x) else { return .nan }
        switch quarter {
        case 0: return cosOfReduced(r, tail)
        case 1: return -sinOfReduced(r, tail)
        case 2: return -cosOfReduced(r, tail)
        default: return sinOfReduced(r, tail)
        }
    }

    /// x - n * pi/2 as a double and its tail, with n mod 4; pi/2 in three parts of 30 bits and a rest.
    private static func reduceByQuarterTurns(_ x: Double) -> (quarter: UInt64, r: Double, tail: Double)? {
        guard x.magnitude <= largestAngle else { return nil }
        if x.magnitude <= 0.78 { return (0, x, 0) }
        let shifted = x * 0x1.45f306dc9c883p-1 + roundingShift
        let n = shifted - roundingShift
        let first = x - n * 0x1.921fb54000000p+0
        let second = DoubleDouble.sum(first, n * -0x1.10b4611800000p-30)
        let third = DoubleDouble.sum(second.head, n * -0x1.313198a000000p-61)
        let tail = (second.tail + third.tail) - n * 0x1.701b839a25205p-92
        let reduced = DoubleDouble.sum(third.head, tail)
        return (shifted.bitPattern & 3, reduced.head, reduced.tail)
    }

    /// sin(r + tail) for |r| <= pi/4, by the Taylor series to the 17th power.
    private static func sinOfReduced(_ r: Double, _ tail: Double) -> Double {
        let z = r * r
        var series = 1.0 / 355_687_428_096_000
        series = series * z - 1.0 / 1_307_674_368_000
        series = series * z + 1.0 / 6_227_020_800
        series = series * z - 1.0 / 39_916_800
        series = series * z + 1.0 / 362_880
        series = series * z - 1.0 / 5040
        series = series * z + 1.0 / 120
        series = series * z - 1.0 / 6
        return r + (r * z * series + tail * (1 - 0.5 * z))
    }

    /// cos(r + tail) for |r| <= pi/4, by the Taylor series to the 16th power.
    private static func cosOfReduced(_ r: Double, _ tail: Double) -> Double {
        let z = r * r
        var series = 1.0 / 20_922_789_888_000
        series = series * z - 1.0 / 87_178_291_200
        series = series * z + 1.0 / 479_001_600
        series = series * z - 1.0 / 3_628_800
        series = series * z + 1.0 / 40320
        series = series * z - 1.0 / 720
        series = series * z + 1.0 / 24
        let half = 0.5 * z
        let head = 1 - half
        return head + (((1 - head) - half) + (z * z * series - r * tail))
    }
}
