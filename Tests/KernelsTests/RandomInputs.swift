import Tensors
import TestSupport

extension FixedRandom {
    mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &self) }
    }
}

/// A row-major matrix as a file stores it: any bits as quants, scales of a sensible size.
func randomMatrix(_ type: ElementType, rows: Int, columns: Int, using random: inout FixedRandom) -> [UInt8] {
    if !type.isQuantized { return randomFloats(type, count: rows * columns, using: &random) }
    var bytes = (0..<type.byteCount(of: columns) * rows).map { _ in UInt8.random(in: 0...255, using: &random) }
    for block in stride(from: 0, to: bytes.count, by: type.blockByteCount) {
        for offset in type.scaleOffsets {
            let bits = Float16(Float.random(in: -0.02...0.02, using: &random)).bitPattern
            bytes[block + offset] = UInt8(truncatingIfNeeded: bits)
            bytes[block + offset + 1] = UInt8(bits >> 8)
        }
    }
    return bytes
}

private func randomFloats(_ type: ElementType, count: Int, using random: inout FixedRandom) -> [UInt8] {
    (0..<count).flatMap { _ -> [UInt8] in
        let value = Float.random(in: -1...1, using: &random)
        switch type {
        case .f32: return withUnsafeBytes(of: value.bitPattern) { Array($0) }
        case .f16: return withUnsafeBytes(of: Float16(value).bitPattern) { Array($0) }
        default: return withUnsafeBytes(of: UInt16(value.bitPattern >> 16)) { Array($0) }
        }
    }
}

extension ElementType {
    /// Where a block holds its 16-bit scales.
    var scaleOffsets: [Int] {
        switch self {
        case .q4_0, .q5_0, .q8_0, .iq4_NL, .iq4_XS: [0]
        case .q4_1, .q5_1, .q4_K, .q5_K: [0, 2]
        case .q2_K: [80, 82]
        case .q3_K: [108]
        case .q6_K: [208]
        default: []
        }
    }
}
