/// Conversions between `Float` and the 16-bit formats, exact or rounded to nearest even, the same on every machine.
///
/// Written out because `Float16` needs run-time support that differs between systems, and because it is not worth a
/// feature check: nothing hot converts here.
public enum NarrowFloats {
    /// The value of an IEEE 754 half-precision number.
    @inlinable
    public static func widen(half bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            // A subnormal is a multiple of 2^-24.
            let magnitude = Float(fraction) * 0x1p-24
            return Float(bitPattern: sign | magnitude.bitPattern)
        case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// The nearest half-precision number, ties to even; infinity from 65520 on.
    @inlinable
    public static func half(_ value: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        let magnitude = value.bitPattern & 0x7FFF_FFFF
        if magnitude > 0x7F80_0000 { return sign | 0x7E00 }
        if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
        if magnitude < 0x3880_0000 {
            let steps = (Float(bitPattern: magnitude) * 0x1p24).rounded(.toNearestOrEven)
            return sign | UInt16(steps)
        }
        let rounded = magnitude - 0x3800_0000 + 0xFFF + (magnitude >> 13 & 1)
        return sign | UInt16(truncatingIfNeeded: rounded >> 13)
    }

    /// The value of a bfloat16 number: the upper half of a `Float`.
    @inlinable
    public static func widen(brain bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

    /// The nearest bfloat16 number, ties to even.
    @inlinable
    public static func brain(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if bits & 0x7FFF_FFFF > 0x7F80_0000 { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
        return UInt16(truncatingIfNeeded: (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }
}

extension UnsafeRawPointer {
    /// The half-precision number at `offset`, widened.
    func half(at offset: Int) -> Float {
        NarrowFloats.widen(half: UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }

    func byte(at offset: Int) -> UInt8 { load(fromByteOffset: offset, as: UInt8.self) }

    /// A four-byte integer whose bits are the fifth bits of a block's elements.
    func word(at offset: Int) -> UInt32 { UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
}

extension UnsafeMutableRawPointer {
    /// Stores the half-precision number nearest to `value` and returns what was stored, widened.
    @discardableResult
    func store(half value: Float, at offset: Int) -> Float {
        let bits = NarrowFloats.half(value)
        storeBytes(of: bits.littleEndian, toByteOffset: offset, as: UInt16.self)
        return NarrowFloats.widen(half: bits)
    }

    func store(byte: UInt8, at offset: Int) { storeBytes(of: byte, toByteOffset: offset, as: UInt8.self) }

    func store(word: UInt32, at offset: Int) {
        storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt32.self)
    }
}
