/// K-quants: each group's scale (and minimum) is searched for, then rounded to its few bits, then the elements are
/// rounded to the levels that really result.
// swift-format-ignore: AlwaysUseLowerCamelCase
extension Blocks256 {
    static func quantizeQ4_K(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        withLevels { levels in
            storeScales(values, highestLevel: 15, stored, levels)
            storeNibbles(levels, stored + 16)
        }
    }

    static func quantizeQ5_K(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        withLevels { levels in
            storeScales(values, highestLevel: 31, stored, levels)
            for l in 0..<32 {
                var bits: UInt8 = 0
                for group in 0..<8 { bits |= (levels[32 * group + l] >> 4) << UInt8(group) }
                stored.store(byte: bits, at: 16 + l)
            }
            storeNibbles(levels, stored + 48)
        }
    }

    static func quantizeQ6_K(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 16) { scales in
            var extreme: Float = 0
            for group in 0..<16 {
                scales[group] = ScaleSearch.signedScale(values + 16 * group, count: 16)
                if abs(scales[group]) > abs(extreme) { extreme = scales[group] }
            }
            // The largest scale becomes -128, the one level that has no positive twin.
            let d = stored.store(half: extreme / -128, at: 208)
            withLevels { levels in
                for group in 0..<16 {
                    let scale = nearestLevel(scales[group] * reciprocal(d), -128, 127)
                    stored.store(byte: UInt8(bitPattern: Int8(scale)), at: 192 + group)
                    let inverse = reciprocal(d * scale)
                    for index in 16 * group..<16 * group + 16 {
                        levels[index] = levelBits(values[index] * inverse, -32, 31) &+ 32
                    }
                }
                storeSixBits(levels, stored)
            }
        }
    }

    /// The inverse of ``SixBits``.
    private static func storeSixBits(_ levels: UnsafeMutablePointer<UInt8>, _ stored: UnsafeMutableRawPointer) {
        for half in 0..<2 {
            let level = levels + 128 * half
            for l in 0..<32 {
                let (a, b, c, d) = (level[l], level[32 + l], level[64 + l], level[96 + l])
                stored.store(byte: a & 0xF | c << 4, at: 64 * half + l)
                stored.store(byte: b & 0xF | d << 4, at: 64 * half + 32 + l)
                stored.store(byte: a >> 4 | (b >> 4) << 2 | (c >> 4) << 4 | (d >> 4) << 6, at: 128 + 32 * half + l)
            }
        }
    }

    /// Writes d, dmin and the packed scales and minima, and finds the elements' levels under them.
    private static func storeScales(
        _ values: UnsafePointer<Float>, highestLevel: Int, _ stored: UnsafeMutableRawPointer,
        _ levels: UnsafeMutablePointer<UInt8>
    ) {
        withUnsafeTemporaryAllocation(of: (scale: Float, minimum: Float).self, capacity: 8) { groups in
            var largest: (scale: Float, minimum: Float) = (0, 0)
            for group in 0..<8 {
                let found = ScaleSearch.scaleAndMinimum(values + 32 * group, count: 32, highestLevel: highestLevel)
                groups[group] = found
                largest = (max(largest.scale, found.scale), max(largest.minimum, found.minimum))
            }
            let d = stored.store(half: largest.scale / 63, at: 0)
            let dmin = stored.store(half: largest.minimum / 63, at: 2)
            for offset in 4..<16 { stored.store(byte: 0, at: offset) }
            for group in 0..<8 {
                let scale = UInt8(nearestLevel(groups[group].scale * reciprocal(d), 0, 63))
                let minimum = UInt8(nearestLevel(groups[group].minimum * reciprocal(dmin), 0, 63))
                pack(scale: scale, minimum: minimum, group, stored + 4)
                let (inverse, offset) = (reciprocal(d * Float(scale)), dmin * Float(minimum))
                for index in 32 * group..<32 * group + 32 {
                    levels[index] = levelBits((values[index] + offset) * inverse, 0, Float(highestLevel))
                }
            }
        }
    }

    /// The inverse of ``scaleAndMinimum(_:_:)``.
    static func pack(scale: UInt8, minimum: UInt8, _ group: Int, _ packed: UnsafeMutableRawPointer) {
        func merge(_ bits: UInt8, at offset: Int) {
            packed.store(byte: UnsafeRawPointer(packed).byte(at: offset) | bits, at: offset)
        }
        if group < 4 {
            merge(scale, at: group)
            merge(minimum, at: group + 4)
        } else {
            merge(scale & 0xF | minimum << 4, at: group + 4)
            merge((scale >> 4) << 6, at: group - 4)
            merge((minimum >> 4) << 6, at: group)
        }
    }

    private static func storeNibbles(_ levels: UnsafeMutablePointer<UInt8>, _ quants: UnsafeMutableRawPointer) {
        for pair in 0..<4 {
            let level = levels + 64 * pair
            for l in 0..<32 { quants.store(byte: level[l] & 0xF | level[32 + l] << 4, at: 32 * pair + l) }
        }
    }

    /// Calls `body` with room for a block's levels.
    private static func withLevels(_ body: (UnsafeMutablePointer<UInt8>) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length) { body($0.baseAddress!) }
    }

    /// The last bits of ``nearestLevel(_:_:_:)``, in two's complement, without a conversion that could trap.
    @inline(__always)
    private static func levelBits(_ value: Float, _ low: Float, _ high: Float) -> UInt8 {
        UInt8(truncatingIfNeeded: (clamped(value, low, high) + 0x1.8p23).bitPattern)
    }
}
