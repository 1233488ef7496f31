/// GGML's reference quantizers: the scale comes from the extreme values, elements are rounded to the nearest level.
// swift-format-ignore: AlwaysUseLowerCamelCase
extension Blocks32 {
    static func quantizeQ4_0(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        let d = signedExtreme(values) / -8
        let inverse = reciprocal(d)
        stored.store(half: d, at: 0)
        for j in 0..<length / 2 {
            let low = wholeBelow(values[j] * inverse + 8.5, highest: 15)
            let high = wholeBelow(values[j + length / 2] * inverse + 8.5, highest: 15)
            stored.store(byte: UInt8(truncatingIfNeeded: low | high << 4), at: 2 + j)
        }
    }

    static func quantizeQ4_1(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        let (low, high) = range(values)
        let d = (high - low) / 15
        let levels = Levels(inverse: reciprocal(d), offset: 0.5, highest: 15)
        stored.store(half: d, at: 0)
        stored.store(half: low, at: 2)
        storeNibbles(stored + 4) { levels.nearest(values[$0] - low) }
    }

    static func quantizeQ5_0(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        let d = signedExtreme(values) / -16
        let levels = Levels(inverse: reciprocal(d), offset: 16.5, highest: 31)
        stored.store(half: d, at: 0)
        storeFifthBits(stored + 2) { levels.nearest(values[$0]) }
        storeNibbles(stored + 6) { levels.nearest(values[$0]) }
    }

    static func quantizeQ5_1(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        let (low, high) = range(values)
        let d = (high - low) / 31
        let levels = Levels(inverse: reciprocal(d), offset: 0.5, highest: 31)
        stored.store(half: d, at: 0)
        stored.store(half: low, at: 2)
        storeFifthBits(stored + 4) { levels.nearest(values[$0] - low) }
        storeNibbles(stored + 8) { levels.nearest(values[$0] - low) }
    }

    static func quantizeQ8_0(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        let d = abs(signedExtreme(values)) / 127
        let inverse = reciprocal(d)
        stored.store(half: d, at: 0)
        for j in 0..<length {
            stored.store(byte: nearestWhole(values[j] * inverse, limit: 127), at: 2 + j)
        }
    }

    /// Level numbers from 0 up: truncation of value * inverse + offset, where the offset holds the half for rounding.
    private struct Levels {
        let inverse: Float
        let offset: Float
        let highest: Float

        func nearest(_ value: Float) -> UInt8 { UInt8(clamped(value * inverse + offset, 0, highest)) }
    }

    private static func storeNibbles(_ quants: UnsafeMutableRawPointer, _ level: (Int) -> UInt8) {
        for j in 0..<length / 2 {
            quants.store(byte: level(j) & 0xF | level(j + length / 2) << 4, at: j)
        }
    }

    private static func storeFifthBits(_ bits: UnsafeMutableRawPointer, _ level: (Int) -> UInt8) {
        var word: UInt32 = 0
        for j in 0..<length { word |= UInt32(level(j) >> 4) << UInt32(j) }
        bits.store(word: word, at: 0)
    }

    /// The value furthest from zero, with its sign: it becomes the lowest level, where there is one more than above. Of equals
    /// the first; values that are no numbers do not count.
    private static func signedExtreme(_ values: UnsafePointer<Float>) -> Float {
        var largest: Float = 0
        for j in 0..<length { largest = abs(values[j]) > largest ? abs(values[j]) : largest }
        for j in 0..<length where abs(values[j]) == largest && largest > 0 { return values[j] }
        return 0
    }

    // The two below convert without a check that could trap, so that a loop over them fills vector registers. A sum with 2^23
    // is rounded to a whole number, which its last bits hold.

    /// The whole number below `value` brought into 0...highest.
    @inline(__always)
    private static func wholeBelow(_ value: Float, highest: Float) -> UInt32 {
        let x = clamped(value, 0, highest)
        let nearest = x + 0x1p23
        return (nearest.bitPattern &- (nearest - 0x1p23 > x ? 1 : 0)) & 0xFF
    }

    /// The whole number nearest to `value` within -limit...limit, ties away from zero, in two's complement.
    @inline(__always)
    private static func nearestWhole(_ value: Float, limit: Float) -> UInt8 {
        let x = clamped(value, -limit, limit)
        let nearest = abs(x) + 0x1p23
        let level = nearest.bitPattern &+ (abs(x) - (nearest - 0x1p23) == 0.5 ? 1 : 0)
        return UInt8(truncatingIfNeeded: x < 0 ? 0 &- level : level)
    }

    private static func range(_ values: UnsafePointer<Float>) -> (low: Float, high: Float) {
        var (low, high) = (values[0], values[0])
        for j in 1..<length {
            low = min(low, values[j])
            high = max(high, values[j])
        }
        return (low, high)
    }
}

func reciprocal(_ value: Float) -> Float { value == 0 ? 0 : 1 / value }

/// `value` brought into a range; a NaN becomes the lower end, so that conversions to integers never trap.
func clamped(_ value: Float, _ low: Float, _ high: Float) -> Float {
    value >= low ? (value <= high ? value : high) : low
}
