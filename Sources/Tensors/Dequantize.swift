/// Writes the values of `count` stored elements as FP32, exactly as GGML defines them. Scalar: the reference that
/// kernels are measured against, and good enough for work that happens once.
///
/// - Parameters:
///   - source: whole blocks of `type`, at any alignment.
///   - count: elements, a multiple of the type's block length.
///   - destination: room for `count` values.
public func dequantize(
    _ type: ElementType, _ source: UnsafeRawPointer, count: Int, into destination: UnsafeMutablePointer<Float>
) {
    precondition(count % type.blockLength == 0, "only whole blocks of \(type.name) can be read")
    for block in 0..<count / type.blockLength {
        let stored = source + block * type.blockByteCount
        let values = destination + block * type.blockLength
        switch type {
        case .f32: values.pointee = Float(bitPattern: stored.word(at: 0))
        case .f16: values.pointee = stored.half(at: 0)
        case .bf16:
            let bits = stored.loadUnaligned(as: UInt16.self)
            values.pointee = NarrowFloats.widen(brain: UInt16(littleEndian: bits))
        case .q4_0: Blocks32.dequantizeQ4_0(stored, values)
        case .q4_1: Blocks32.dequantizeQ4_1(stored, values)
        case .q5_0: Blocks32.dequantizeQ5_0(stored, values)
        case .q5_1: Blocks32.dequantizeQ5_1(stored, values)
        case .q8_0: Blocks32.dequantizeQ8_0(stored, values)
        case .q2_K: Blocks256.dequantizeQ2_K(stored, values)
        case .q3_K: Blocks256.dequantizeQ3_K(stored, values)
        case .q4_K: Blocks256.dequantizeQ4_K(stored, values)
        case .q5_K: Blocks256.dequantizeQ5_K(stored, values)
        case .q6_K: Blocks256.dequantizeQ6_K(stored, values)
        case .iq4_NL: TableBlocks.dequantizeIQ4_NL(stored, values)
        case .iq4_XS: TableBlocks.dequantizeIQ4_XS(stored, values)
        }
    }
}

/// Stores `count` values as elements of `type`: floats rounded to nearest even, integers with the scales that a
/// reference quantizer finds. Values must be finite; others are clamped somehow, never trapped on.
///
/// - Parameters:
///   - type: one that ``ElementType/isWritable``.
///   - count: elements, a multiple of the type's block length.
///   - destination: room for `type.byteCount(of: count)` bytes, at any alignment.
public func quantize(
    _ type: ElementType, _ source: UnsafePointer<Float>, count: Int, into destination: UnsafeMutableRawPointer
) {
    precondition(count % type.blockLength == 0, "only whole blocks of \(type.name) can be written")
    for block in 0..<count / type.blockLength {
        let values = source + block * type.blockLength
        let stored = destination + block * type.blockByteCount
        switch type {
        case .f32: stored.store(word: values.pointee.bitPattern, at: 0)
        case .f16: stored.store(half: values.pointee, at: 0)
        case .bf16: stored.storeBytes(of: NarrowFloats.brain(values.pointee).littleEndian, as: UInt16.self)
        case .q4_0: Blocks32.quantizeQ4_0(values, stored)
        case .q4_1: Blocks32.quantizeQ4_1(values, stored)
        case .q5_0: Blocks32.quantizeQ5_0(values, stored)
        case .q5_1: Blocks32.quantizeQ5_1(values, stored)
        case .q8_0: Blocks32.quantizeQ8_0(values, stored)
        case .q4_K: Blocks256.quantizeQ4_K(values, stored)
        case .q5_K: Blocks256.quantizeQ5_K(values, stored)
        case .q6_K: Blocks256.quantizeQ6_K(values, stored)
        case .q2_K, .q3_K, .iq4_NL, .iq4_XS: preconditionFailure("nothing is quantized to \(type.name)")
        }
    }
}
