/// Blocks of 256 elements ("K-quants") in eight groups of 32 or sixteen of 16, each with its own small integer scale.
///
/// | type | bytes | element |
/// |---|---|---|
/// | Q2_K | 16 pairs of scale and minimum, 64 of quants, d, dmin: half | d * sc * q - dmin * mn |
/// | Q3_K | 32 of third bits, 64 of lower bits, 12 of scales, d: half | d * (sc - 32) * (q - 4) |
/// | Q4_K | d, dmin: half, 12 of scales and minima, 128 of quants | d * sc * q - dmin * mn |
/// | Q5_K | d, dmin: half, 12 of scales and minima, 32 of fifth bits, 128 of quants | d * sc * q - dmin * mn |
/// | Q6_K | 128 of low bits, 64 of high bits, 16 signed scales, d: half | d * sc * (q - 32) |
// swift-format-ignore: AlwaysUseLowerCamelCase
enum Blocks256 {
    static let length = 256

    static func dequantizeQ2_K(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let (d, dmin) = (stored.half(at: 80), stored.half(at: 82))
        for index in 0..<length {
            let pair = stored.byte(at: index / 16)
            let (factor, offset) = (d * Float(pair & 0xF), dmin * Float(pair >> 4))
            values[index] = factor * Float(twoBits(stored + 16, index)) - offset
        }
    }

    static func dequantizeQ3_K(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let d = stored.half(at: 108)
        for index in 0..<length {
            let third = stored.byte(at: index % 32) >> UInt8(index / 32) & 1
            let level = Int(twoBits(stored + 32, index) | third << 2) - 4
            values[index] = d * Float(sixBitScale(stored + 96, index / 16)) * Float(level)
        }
    }

    static func dequantizeQ4_K(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let (d, dmin) = (stored.half(at: 0), stored.half(at: 2))
        for group in 0..<8 {
            let (scale, minimum) = scaleAndMinimum(stored + 4, group)
            let (factor, offset) = (d * Float(scale), dmin * Float(minimum))
            for l in 0..<32 {
                values[32 * group + l] = factor * Float(nibble(stored + 16, group, l)) - offset
            }
        }
    }

    static func dequantizeQ5_K(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let (d, dmin) = (stored.half(at: 0), stored.half(at: 2))
        for group in 0..<8 {
            let (scale, minimum) = scaleAndMinimum(stored + 4, group)
            let (factor, offset) = (d * Float(scale), dmin * Float(minimum))
            for l in 0..<32 {
                let fifth = stored.byte(at: 16 + l) >> UInt8(group) & 1
                values[32 * group + l] = factor * Float(nibble(stored + 48, group, l) | fifth << 4) - offset
            }
        }
    }

    static func dequantizeQ6_K(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let d = stored.half(at: 208)
        for index in 0..<length {
            let place = SixBits(index)
            let low = stored.byte(at: place.lowByte) >> place.lowShift & 0xF
            let high = stored.byte(at: 128 + place.highByte) >> place.highShift & 3
            let scale = Int8(bitPattern: stored.byte(at: 192 + index / 16))
            values[index] = d * Float(scale) * Float(Int(low | high << 4) - 32)
        }
    }

    /// Each half of the block interleaves four runs of 32 elements.
    private static func twoBits(_ quants: UnsafeRawPointer, _ index: Int) -> UInt8 {
        quants.byte(at: index / 128 * 32 + index % 32) >> UInt8(index % 128 / 32 * 2) & 3
    }

    /// A signed scale of Q3_K: low halves in eight bytes, then four bytes with the upper two bits.
    private static func sixBitScale(_ packed: UnsafeRawPointer, _ group: Int) -> Int {
        let low = packed.byte(at: group % 8) >> (group < 8 ? 0 : 4) & 0xF
        let high = packed.byte(at: 8 + group % 4) >> UInt8(group / 4 * 2) & 3
        return Int(low | high << 4) - 32
    }

    /// Groups come in pairs: 32 bytes hold an even group in their low halves and the next one in their high halves.
    private static func nibble(_ quants: UnsafeRawPointer, _ group: Int, _ l: Int) -> UInt8 {
        let byte = quants.byte(at: group / 2 * 32 + l)
        return group % 2 == 0 ? byte & 0xF : byte >> 4
    }

    /// Six-bit scale and minimum of a group. Bytes 0-3 and 4-7 hold those of groups 0-3 in their low six bits; bytes
    /// 8-11 hold the low four bits of the scales and minima of groups 4-7, whose upper two are on top of bytes 0-7.
    static func scaleAndMinimum(_ packed: UnsafeRawPointer, _ group: Int) -> (scale: UInt8, minimum: UInt8) {
        if group < 4 { return (packed.byte(at: group) & 63, packed.byte(at: group + 4) & 63) }
        let low = packed.byte(at: group + 4)
        return (
            low & 0xF | (packed.byte(at: group - 4) >> 6) << 4,
            low >> 4 | (packed.byte(at: group) >> 6) << 4
        )
    }

    /// Where the bits of a Q6_K element are: each half of the block interleaves four runs of 32 elements.
    struct SixBits {
        let lowByte: Int
        let lowShift: UInt8
        let highByte: Int
        let highShift: UInt8

        init(_ index: Int) {
            let (half, run, l) = (index / 128, index % 128 / 32, index % 32)
            lowByte = 64 * half + 32 * (run % 2) + l
            lowShift = run < 2 ? 0 : 4
            highByte = 32 * half + l
            highShift = UInt8(2 * run)
        }
    }
}
