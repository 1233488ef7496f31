/// Blocks of 4-bit indices into a table of 16 values that lie closer together near zero.
///
/// | type | bytes | element |
/// |---|---|---|
/// | IQ4_NL | d: half, 16 bytes of indices of 32 elements | d * table[i] |
/// | IQ4_XS | d: half, 2 of upper and 4 of lower scale bits, 8 times 16 bytes of indices | d * (sc - 32) * table[i] |
// The functions carry GGML's names of the types, which everybody knows.
// swift-format-ignore: AlwaysUseLowerCamelCase
enum TableBlocks {
    private static let table: [Float] = [
        -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
    ]

    static func dequantizeIQ4_NL(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        lookUp(stored + 2, scale: stored.half(at: 0), values)
    }

    static func dequantizeIQ4_XS(_ stored: UnsafeRawPointer, _ values: UnsafeMutablePointer<Float>) {
        let d = stored.half(at: 0)
        for group in 0..<8 {
            let low = stored.byte(at: 4 + group / 2) >> UInt8(group % 2 * 4) & 15
            let upper = stored.byte(at: 2 + group / 4) >> UInt8(group % 4 * 2) & 3
            let scale = d * Float(Int(low | upper << 4) - 32)
            lookUp(stored + 8 + 16 * group, scale: scale, values + 32 * group)
        }
    }

    /// Byte j holds element j in its low half and element j + 16 in its high half.
    private static func lookUp(_ indices: UnsafeRawPointer, scale: Float, _ values: UnsafeMutablePointer<Float>) {
        for j in 0..<16 {
            let byte = indices.byte(at: j)
            values[j] = scale * table[Int(byte & 0xF)]
            values[j + 16] = scale * table[Int(byte >> 4)]
        }
    }
}
