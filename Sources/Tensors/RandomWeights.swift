/// Random weights made directly in their stored form, as fast as memory takes them: no floats are quantized.
///
/// Quants are uniform, scales vary between blocks and, where the type has no minimum, in sign, so that the mean is zero.
/// Numbers come from SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): the same
/// seed and stream give the same bytes everywhere.
public struct RandomWeights: Sendable {
    private var state: UInt64

    /// - Parameter stream: one number per tensor, so that tensors do not depend on each other's sizes.
    public init(seed: UInt64, stream: UInt64) {
        state = seed
        // Two rounds put streams far apart, whatever the seed.
        state = next() ^ (stream &* 0xD1B5_4A32_D192_ED03)
        state = next()
    }

    /// The next 64 random bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// Writes `count` elements of `type` with mean 0 and standard deviation `deviation`.
    ///
    /// - Parameters:
    ///   - count: elements, a multiple of the type's block length.
    ///   - destination: room for `type.byteCount(of: count)` bytes.
    public mutating func fill(
        _ type: ElementType, deviation: Float, count: Int, into destination: UnsafeMutableRawPointer
    ) {
        let byteCount = type.byteCount(of: count)
        if type.isQuantized { fillWithRandomBytes(destination, byteCount) }
        for block in 0..<count / type.blockLength {
            finish(type, deviation, destination + block * type.blockByteCount)
        }
    }

    private mutating func fillWithRandomBytes(_ destination: UnsafeMutableRawPointer, _ count: Int) {
        for offset in stride(from: 0, to: count & ~7, by: 8) {
            destination.storeBytes(of: next().littleEndian, toByteOffset: offset, as: UInt64.self)
        }
        var rest = next()
        for offset in count & ~7..<count {
            destination.store(byte: UInt8(truncatingIfNeeded: rest), at: offset)
            rest >>= 8
        }
    }

    /// Gives a block of random quants its scales. Divisors are the root mean square of level times group scale.
    private mutating func finish(_ type: ElementType, _ deviation: Float, _ block: UnsafeMutableRawPointer) {
        switch type {
        case .f32: block.store(word: (deviation * uniform()).bitPattern, at: 0)
        case .f16: block.store(half: deviation * uniform(), at: 0)
        case .bf16: block.storeBytes(of: NarrowFloats.brain(deviation * uniform()).littleEndian, as: UInt16.self)
        case .q4_0: block.store(half: signed(deviation / 4.6368), at: 0)
        case .q5_0: block.store(half: signed(deviation / 9.2466), at: 0)
        case .q8_0:
            block.store(half: signed(deviation / 73.90), at: 0)
            // Quantizers never store -128.
            for j in 2..<34 where UnsafeRawPointer(block).byte(at: j) == 0x80 { block.store(byte: 0x81, at: j) }
        case .q4_1: storeScaleAndMinimum(block, deviation / 4.6098, ratio: -7.5)
        case .q5_1: storeScaleAndMinimum(block, deviation / 9.2331, ratio: -15.5)
        case .q2_K: storePairs(block, deviation / 13.110)
        // Random bytes are scales from -32 to 31.
        case .q3_K: block.store(half: varied(deviation / 43.339), at: 108)
        case .q4_K: storeGroups(block, deviation / 223.06, ratio: 7.5)
        case .q5_K: storeGroups(block, deviation / 446.78, ratio: 15.5)
        case .q6_K: storeSignedScales(block, deviation / 1797.5)
        case .iq4_NL: block.store(half: signed(deviation / 67.439), at: 0)
        // Random bytes are scales from -32 to 31.
        case .iq4_XS: block.store(half: varied(deviation / 1246.3), at: 0)
        }
    }

    /// Uniform with variance 1.
    private mutating func uniform() -> Float {
        (Float(next() >> 40) * 0x1p-23 - 1) * 1.7320508
    }

    /// `scale` times a factor between 0.75 and 1.25 with mean square 1.
    private mutating func varied(_ scale: Float) -> Float {
        scale * (0.75 + Float(next() >> 40) * 0x1p-25) * 0.98974
    }

    private mutating func signed(_ scale: Float) -> Float {
        let scale = varied(scale)
        return next() >> 63 == 0 ? scale : -scale
    }

    private mutating func storeScaleAndMinimum(_ block: UnsafeMutableRawPointer, _ scale: Float, ratio: Float) {
        let stored = block.store(half: varied(scale), at: 0)
        block.store(half: stored * ratio, at: 2)
    }

    /// Eight groups with scales 32...63; minima equal to the scales put the middle level at zero.
    private mutating func storeGroups(_ block: UnsafeMutableRawPointer, _ scale: Float, ratio: Float) {
        let stored = block.store(half: varied(scale), at: 0)
        block.store(half: stored * ratio, at: 2)
        for offset in 4..<16 { block.store(byte: 0, at: offset) }
        var bits = next()
        for group in 0..<8 {
            let scale = 32 + UInt8(bits & 31)
            bits >>= 8
            Blocks256.pack(scale: scale, minimum: scale, group, block + 4)
        }
    }

    /// Sixteen groups with scales 8...15; minima equal to the scales put the middle level at zero.
    private mutating func storePairs(_ block: UnsafeMutableRawPointer, _ scale: Float) {
        for offset in 0..<16 {
            let byte = UnsafeRawPointer(block).byte(at: offset)
            block.store(byte: (8 | byte & 7) * 17, at: offset)
        }
        let stored = block.store(half: varied(scale), at: 80)
        block.store(half: stored * 1.5, at: 82)
    }

    /// Sixteen groups with scales of magnitude 64...127 and random sign.
    private mutating func storeSignedScales(_ block: UnsafeMutableRawPointer, _ scale: Float) {
        block.store(half: varied(scale), at: 208)
        for offset in 192..<208 {
            let byte = UnsafeRawPointer(block).byte(at: offset)
            let magnitude = Int8(64 | byte & 63)
            block.store(byte: UInt8(bitPattern: byte >> 7 == 0 ? magnitude : -magnitude), at: offset)
        }
    }
}
