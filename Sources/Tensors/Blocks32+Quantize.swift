/// GGML's reference quantizers: the scale comes from the extreme values, elements are rounded to the nearest level.
// swift-format-ignore: AlwaysUseLowerCamelCase
extension Blocks32 {
    static func quantizeQ4_0(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        let d = signedExtreme(values) / -8
        let levels = Levels(inverse: reciprocal(d), offset: 8.5, highest: 15)
        stored.store(half: d, at: 0)
        storeNibbles(stored + 2) { levels.nearest(values[$0]) }
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
            let level = clamped((values[j] * inverse).rounded(.toNearestOrAwayFromZero), -127, 127)
            stored.store(byte: UInt8(bitPattern: Int8(level)), at: 2 + j)
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

    /// The value furthest from zero, with its sign: it becomes the lowest level, where there is one more than above.
    private static func signedExtreme(_ values: UnsafePointer<Float>) -> Float {
        var extreme: Float = 0
        for j in 0..<length where abs(values[j]) > abs(extreme) { extreme = values[j] }
        return extreme
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
