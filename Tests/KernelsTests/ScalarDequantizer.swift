import Tensors

/// The weights of one stored row, by the formats' descriptions and not by our code: scale * q + minimum in double.
func dequantize(_ type: ElementType, _ bytes: ArraySlice<UInt8>) -> [Double] {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: type.blockByteCount).flatMap {
        block(type, Array(bytes[$0..<$0 + type.blockByteCount]))
    }
}

private func half(_ b: [UInt8], _ at: Int) -> Double {
    Double(Float16(bitPattern: UInt16(b[at]) | UInt16(b[at + 1]) << 8))
}

private func block(_ type: ElementType, _ b: [UInt8]) -> [Double] {
    switch type {
    case .f32: [Double(Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(b[$1]) << (8 * UInt32($1)) }))]
    case .f16: [half(b, 0)]
    case .bf16: [Double(Float(bitPattern: (UInt32(b[0]) | UInt32(b[1]) << 8) << 16))]
    case .q4_0: (0..<32).map { half(b, 0) * Double(nibble(b, 2, $0) - 8) }
    case .q4_1: (0..<32).map { half(b, 0) * Double(nibble(b, 4, $0)) + half(b, 2) }
    case .q5_0: (0..<32).map { half(b, 0) * Double(nibble(b, 6, $0) + fifth(b, 2, $0) - 16) }
    case .q5_1: (0..<32).map { half(b, 0) * Double(nibble(b, 8, $0) + fifth(b, 4, $0)) + half(b, 2) }
    case .q8_0: (0..<32).map { half(b, 0) * Double(Int8(bitPattern: b[2 + $0])) }
    case .q2_K:
        (0..<256).map {
            half(b, 80) * Double(b[$0 / 16] & 15) * Double(twoBits(b, 16, $0)) - half(b, 82) * Double(b[$0 / 16] >> 4)
        }
    case .q3_K: (0..<256).map { threeBitWeight(b, $0) }
    case .q4_K, .q5_K: (0..<256).map { superWeight(type, b, $0) }
    case .q6_K: (0..<256).map { sixBitWeight(b, $0) }
    case .iq4_NL: (0..<32).map { half(b, 0) * table[nibble(b, 2, $0)] }
    case .iq4_XS:
        (0..<256).map { i in
            let scale = Int(b[4 + i / 64] >> (i / 32 % 2 * 4) & 15 | (b[2 + i / 128] >> (i / 32 % 4 * 2) & 3) << 4)
            return half(b, 0) * Double(scale - 32) * table[nibble(b, 8 + i / 32 * 16, i % 32)]
        }
    }
}

private let table: [Double] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]

/// Element i of 32: the low nibbles are the first 16.
private func nibble(_ b: [UInt8], _ start: Int, _ i: Int) -> Int { Int(b[start + i % 16] >> (i < 16 ? 0 : 4) & 15) }

private func fifth(_ b: [UInt8], _ start: Int, _ i: Int) -> Int { Int(b[start + i / 8] >> (i % 8) & 1) * 16 }

/// Q2_K and Q3_K: two halves of 128; in each, elements 0, 32, 64, 96 apart share a byte.
private func twoBits(_ b: [UInt8], _ start: Int, _ i: Int) -> Int {
    Int(b[start + i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3)
}

/// Q3_K: without its third bit a weight is 4 less; scales are 4 bits of 8 bytes and 2 bits of the next four.
private func threeBitWeight(_ b: [UInt8], _ i: Int) -> Double {
    let q = twoBits(b, 32, i) - (b[i % 32] >> (i / 32) & 1 == 1 ? 0 : 4)
    let group = i / 16
    let scale = b[96 + group % 8] >> (group / 8 * 4) & 15 | (b[104 + group % 4] >> (group / 4 * 2) & 3) << 4
    return half(b, 108) * Double(Int(scale) - 32) * Double(q)
}

/// Q4_K and Q5_K: pairs of 32 elements share 32 bytes, the first in the low nibbles; scales are eight 6-bit pairs.
private func superWeight(_ type: ElementType, _ b: [UInt8], _ i: Int) -> Double {
    let part = i / 32
    let quants = type == .q4_K ? 16 : 48
    let s = Array(b[4..<16])
    var q = Int(b[quants + i / 64 * 32 + i % 32] >> (part % 2 == 0 ? 0 : 4) & 15)
    if type == .q5_K { q += Int(b[16 + i % 32] >> part & 1) * 16 }
    let scale = part < 4 ? s[part] & 63 : s[part + 4] & 15 | (s[part - 4] >> 6) << 4
    let minimum = part < 4 ? s[part + 4] & 63 : s[part + 4] >> 4 | (s[part] >> 6) << 4
    return half(b, 0) * Double(scale) * Double(q) - half(b, 2) * Double(minimum)
}

/// Q6_K: two halves of 128; in each, elements 0, 32, 64, 96 apart share a byte of upper bits.
private func sixBitWeight(_ b: [UInt8], _ i: Int) -> Double {
    let halfIndex = i / 128
    let part = i % 128 / 32
    let l = i % 32
    let low = b[halfIndex * 64 + part % 2 * 32 + l] >> (part < 2 ? 0 : 4) & 15
    let high = b[128 + halfIndex * 32 + l] >> (2 * part) & 3
    return half(b, 208) * Double(Int8(bitPattern: b[192 + i / 16])) * Double(Int(low | high << 4) - 32)
}
