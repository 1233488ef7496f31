/// Blocks of 32 elements. Byte j of the quants holds element j in its low half and element j + 16 in its high half.
///
/// | type | bytes | element |
/// |---|---|---|
/// | Q4_0 | d: half, 16 bytes of quants | d * (q - 8) |
/// | Q4_1 | d: half, m: half, 16 bytes | d * q + m |
/// | Q5_0 | d: half, 4 bytes of fifth bits, 16 bytes | d * (q - 16) |
/// | Q5_1 | d: half, m: half, 4 bytes of fifth bits, 16 bytes | d * q + m |
/// | Q8_0 | d: half, 32 signed bytes | d * q |
// The functions carry GGML's names of the types, which everybody knows.
// swift-format-ignore: AlwaysUseLowerCamelCase
enum Blocks32 {
    static let length = 32
    private static let half = length / 2

    static func dequantizeQ4_0(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let d = stored.half(at: 0)
        for j in 0..<half {
            let byte = stored.byte(at: 2 + j)
            values[j] = d * Float(Int(byte & 0xF) - 8)
            values[j + half] = d * Float(Int(byte >> 4) - 8)
        }
    }

    static func dequantizeQ4_1(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let (d, m) = (stored.half(at: 0), stored.half(at: 2))
        for j in 0..<half {
            let byte = stored.byte(at: 4 + j)
            values[j] = d * Float(byte & 0xF) + m
            values[j + half] = d * Float(byte >> 4) + m
        }
    }

    static func dequantizeQ5_0(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let d = stored.half(at: 0)
        for j in 0..<length {
            values[j] = d * Float(Int(fiveBits(stored, highBits: 2, quants: 6, j)) - 16)
        }
    }

    static func dequantizeQ5_1(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let (d, m) = (stored.half(at: 0), stored.half(at: 2))
        for j in 0..<length {
            values[j] = d * Float(fiveBits(stored, highBits: 4, quants: 8, j)) + m
        }
    }

    static func dequantizeQ8_0(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let d = stored.half(at: 0)
        for j in 0..<length { values[j] = d * Float(Int8(bitPattern: stored.byte(at: 2 + j))) }
    }

    private static func fiveBits(_ stored: UnsafeRawPointer, highBits: Int, quants: Int, _ j: Int) -> UInt32 {
        let byte = stored.byte(at: quants + j % half)
        return UInt32(j < half ? byte & 0xF : byte >> 4) | (stored.word(at: highBits) >> UInt32(j) & 1) << 4
    }
}
