/// `exp`, `log`, `sin`, `cos` and `pow` that give the same bits on every machine.
///
/// A C library picks variants of these functions by CPU, so its last bits differ between hosts. Here every result is a
/// fixed sequence of IEEE 754 `+ - * /` (no fused multiply-add, no tables, no library), within 1 ulp of the exact
/// value. Whatever reaches logits or sampling uses these and never `Glibc`.
///
/// Methods: Cody and Waite, "Software Manual for the Elementary Functions" (1980), for the argument reductions; Taylor
/// series on the reduced range; Dekker's double-double arithmetic where one double does not hold enough (`pow`).
public enum Transcendental {
    /// ln 2 as a head of 32 bits, whose product with an exponent is exact, and the tail.
    @usableFromInline static let ln2Head = 0x1.62e42fee00000p-1
    @usableFromInline static let ln2Tail = 0x1.a39ef35793c76p-33
    /// 1.5 * 2^52: adding it rounds a small double to an integer, to nearest even, which then sits in the low bits.
    @usableFromInline static let roundingShift = 0x1.8p52

    /// e^x over the whole range: overflows to infinity above 709.78, rounds to zero below -745.13.
    @inlinable
    public static func exp(_ x: Double) -> Double {
        if x >= -708, x <= 709 { return expInNormalRange(x, tail: 0) }
        return expAtTheEdges(x, tail: 0)
    }

    /// Puts e^x in the place of every x: the bits that `exp` gives one by one, several times faster.
    public static func exp(inPlace values: UnsafeMutableBufferPointer<Double>) {
        let stride = 64
        var start = 0
        while start < values.count {
            let part = UnsafeMutableBufferPointer(rebasing: values[start..<min(start + stride, values.count)])
            var outside = 0
            for index in part.indices { outside &+= part[index] >= -708 && part[index] <= 709 ? 0 : 1 }
            if outside == 0 {
                for index in part.indices { part[index] = expInNormalRange(part[index], tail: 0) }
            } else {
                for index in part.indices { part[index] = exp(part[index]) }
            }
            start += stride
        }
    }

    /// e^(x + tail) where the result is a normal number: x in -708...709 and |tail| far below |x|. Branch-free, so a
    /// loop over it vectorizes.
    @inlinable @inline(__always)
    static func expInNormalRange(_ x: Double, tail: Double) -> Double {
        let shifted = x * 0x1.71547652b82fep+0 + roundingShift
        let k = shifted - roundingShift
        let scale = Double(bitPattern: (shifted.bitPattern &+ 1023) &<< 52)
        return expOfReduced(x - k * ln2Head, tail: tail - k * ln2Tail) * scale
    }

    /// e^(r + tail) for |r + tail| <= ln 2 / 2, by the Taylor series to the 13th power (truncation 4e-18).
    @inlinable @inline(__always)
    static func expOfReduced(_ head: Double, tail: Double) -> Double {
        let r = head + tail
        let lost = (head - r) + tail
        var series = 1.0 / 6_227_020_800
        series = series * r + 1.0 / 479_001_600
        series = series * r + 1.0 / 39_916_800
        series = series * r + 1.0 / 3_628_800
        series = series * r + 1.0 / 362_880
        series = series * r + 1.0 / 40320
        series = series * r + 1.0 / 5040
        series = series * r + 1.0 / 720
        series = series * r + 1.0 / 120
        series = series * r + 1.0 / 24
        series = series * r + 1.0 / 6
        series = series * r + 0.5
        return 1 + (r + (r * r * series + lost))
    }

    /// The rest of `exp`: NaN, overflow, and results that round to a subnormal number or zero.
    @usableFromInline
    static func expAtTheEdges(_ x: Double, tail: Double) -> Double {
        if x.isNaN { return .nan }
        if x > 709.79 { return .infinity }
        if x < -745.14 { return 0 }
        // The scale 2^k does not fit a double, but two halves of it do, and only the second product can round.
        let k = (x * 0x1.71547652b82fep+0 + roundingShift) - roundingShift
        let half = Int64(k) / 2
        let first = Double(bitPattern: UInt64(half + 1023) << 52)
        let second = Double(bitPattern: UInt64(Int64(k) - half + 1023) << 52)
        return expOfReduced(x - k * ln2Head, tail: tail - k * ln2Tail) * first * second
    }

    /// The natural logarithm: of 0 it is -infinity, of a negative number NaN.
    public static func log(_ x: Double) -> Double {
        if x.isNaN || x < 0 { return .nan }
        if x == 0 { return -.infinity }
        if x == .infinity { return x }
        let (mantissa, exponent) = splitAroundOne(x)
        // ln(1 + f) = 2 artanh(s) with s = f / (2 + f), and 2s = f - f^2/2 + s * f^2/2 keeps f's bits exact.
        let f = mantissa - 1
        let s = f / (2 + f)
        let halfSquare = 0.5 * f * f
        let s2 = s * s
        let rest = s * (halfSquare + s2 * (2.0 / 3 + s2 * artanhSeries(s2)))
        return exponent * ln2Head - ((halfSquare - (rest + exponent * ln2Tail)) - f)
    }

    /// 2/5 + 2/7 z + 2/9 z^2 ... for z = s^2 <= 0.0295: 2 artanh(s) is 2s + s^3 (2/3 + z * this).
    static func artanhSeries(_ z: Double) -> Double {
        var series = 2.0 / 25
        series = series * z + 2.0 / 23
        series = series * z + 2.0 / 21
        series = series * z + 2.0 / 19
        series = series * z + 2.0 / 17
        series = series * z + 2.0 / 15
        series = series * z + 2.0 / 13
        series = series * z + 2.0 / 11
        series = series * z + 2.0 / 9
        series = series * z + 2.0 / 7
        return series * z + 2.0 / 5
    }

    /// A finite positive x as mantissa * 2^exponent with the mantissa in sqrt(1/2) ..< sqrt(2).
    static func splitAroundOne(_ x: Double) -> (mantissa: Double, exponent: Double) {
        let isSubnormal = x < .leastNormalMagnitude
        let bits = (isSubnormal ? x * 0x1p54 : x).bitPattern
        var exponent = Int(bits >> 52) - 1023 - (isSubnormal ? 54 : 0)
        var mantissa = Double(bitPattern: bits & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000)
        if mantissa >= 0x1.6a09e667f3bcdp+0 {
            mantissa *= 0.5
            exponent += 1
        }
        return (mantissa, Double(exponent))
    }
}
