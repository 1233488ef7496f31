/// An unevaluated sum of two doubles, |tail| <= ulp(head) / 2: about 106 bits. T. J. Dekker, "A floating-point
/// technique for extending the available precision", Numerische Mathematik 18 (1971). For values far from overflow.
struct DoubleDouble {
    var head: Double
    var tail: Double

    /// a + b exactly (Knuth's sum: no condition on the order of a and b).
    static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
        let head = a + b
        let b2 = head - a
        return DoubleDouble(head: head, tail: (a - (head - b2)) + (b - b2))
    }

    /// a * b exactly, by splitting both into halves of 26 bits.
    static func product(_ a: Double, _ b: Double) -> DoubleDouble {
        let head = a * b
        let (aHigh, aLow) = halves(a)
        let (bHigh, bLow) = halves(b)
        let tail = ((aHigh * bHigh - head) + aHigh * bLow + aLow * bHigh) + aLow * bLow
        return DoubleDouble(head: head, tail: tail)
    }

    static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let heads = sum(a.head, b.head)
        return sum(heads.head, heads.tail + (a.tail + b.tail))
    }

    static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let heads = product(a.head, b.head)
        return sum(heads.head, heads.tail + (a.head * b.tail + a.tail * b.head))
    }

    static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let quotient = a.head / b.head
        let back = product(quotient, b.head)
        let remainder = ((a.head - back.head) - back.tail) + (a.tail - quotient * b.tail)
        return sum(quotient, remainder / b.head)
    }

    private static func halves(_ x: Double) -> (high: Double, low: Double) {
        let scaled = x * 134_217_729
        let high = scaled - (scaled - x)
        return (high, x - high)
    }
}
