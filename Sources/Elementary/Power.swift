extension Transcendental {
    /// x raised to y, with the special values of C99 (ISO/IEC 9899:1999, F.9.4.4).
    public static func pow(_ x: Double, _ y: Double) -> Double {
        if y == 0 || x == 1 { return 1 }
        if x.isNaN || y.isNaN { return .nan }
        if y.isInfinite {
            if x == -1 { return 1 }
            return (x.magnitude > 1) == (y > 0) ? .infinity : 0
        }
        let isOdd = isOddInteger(y)
        let sign: Double = x.sign == .minus && isOdd ? -1 : 1
        if x == 0 || x.isInfinite { return (x == 0) == (y > 0) ? sign * 0 : sign * .infinity }
        if x < 0, !isInteger(y) { return .nan }
        return sign * powOfPositive(x.magnitude, y)
    }

    /// e^(y * ln x) for finite positive x, with the product in double-double: an exponent of 700 would otherwise
    /// magnify the last bit of ln x seven hundredfold.
    private static func powOfPositive(_ x: Double, _ y: Double) -> Double {
        let logarithm = logDoubleDouble(x)
        let estimate = logarithm.head * y
        if estimate > 710 { return .infinity }
        if estimate < -746 { return 0 }
        // |ln x| is at least 2^-53 for any double but 1, so |y| is under 2^63 here and the splitting cannot overflow.
        let exponent = DoubleDouble.product(logarithm.head, y)
        let tail = exponent.tail + logarithm.tail * y
        if exponent.head >= -708, exponent.head <= 709 { return expInNormalRange(exponent.head, tail: tail) }
        return expAtTheEdges(exponent.head, tail: tail)
    }

    /// ln x to about 66 bits for finite positive x.
    private static func logDoubleDouble(_ x: Double) -> DoubleDouble {
        let (mantissa, exponent) = splitAroundOne(x)
        let f = mantissa - 1
        let s = DoubleDouble(head: f, tail: 0) / DoubleDouble.sum(f, 2)
        let s2 = s * s
        // 2 artanh(s) = 2s + s^3 (2/3 + s^2 * rest): the first two terms in full, the rest as a double.
        let twoThirds = DoubleDouble(head: 2.0 / 3, tail: 0x1.5555555555555p-55)
        let series = twoThirds + DoubleDouble(head: s2.head * artanhSeries(s2.head), tail: 0)
        let power = DoubleDouble(head: exponent * ln2Head, tail: 0) + DoubleDouble.product(exponent, ln2Tail)
        return power + (DoubleDouble(head: 2 * s.head, tail: 2 * s.tail) + s * s2 * series)
    }

    private static func isInteger(_ y: Double) -> Bool { y.magnitude >= 0x1p52 || Double(Int64(y)) == y }

    private static func isOddInteger(_ y: Double) -> Bool { y.magnitude < 0x1p53 && isInteger(y) && Int64(y) & 1 == 1 }
}
