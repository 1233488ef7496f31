/// K-quants: each group's scale (and minimum) is searched for, then rounded to its few bits, then the elements are
/// rounded to the levels that really result.
// swift-format-ignore: AlwaysUseLowerCamelCase
extension Blocks256 {
    static func quantizeQ4_K(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        let header = storeScales(values, highestLevel: 15, stored)
        storeNibbles(values, header, stored + 16)
    }

    static func quantizeQ5_K(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        let header = storeScales(values, highestLevel: 31, stored)
        for l in 0..<32 {
            var bits: UInt8 = 0
            for group in 0..<8 {
                bits |= (header.level(values[32 * group + l], group) >> 4) << UInt8(group)
            }
            stored.store(byte: bits, at: 16 + l)
        }
        storeNibbles(values, header, stored + 48)
    }

    static func quantizeQ6_K(_ values: UnsafePointer<Float>, _ stored: UnsafeMutableRawPointer) {
        stored.initializeMemory(as: UInt8.self, repeating: 0, count: ElementType.q6_K.blockByteCount)
        let scales = (0..<16).map { ScaleSearch.signedScale(values + 16 * $0, count: 16) }
        let extreme = scales.reduce(Float(0)) { abs($1) > abs($0) ? $1 : $0 }
        // The largest scale becomes -128, the one level that has no positive twin.
        let d = stored.store(half: extreme / -128, at: 208)
        for index in 0..<length {
            let group = index / 16
            let scale = nearestLevel(scales[group] * reciprocal(d), -128, 127)
            stored.store(byte: UInt8(bitPattern: Int8(scale)), at: 192 + group)
            let inverse = reciprocal(d * scale)
            let level = UInt8(nearestLevel(values[index] * inverse, -32, 31) + 32)
            let place = SixBits(index)
            let low = UnsafeRawPointer(stored).byte(at: place.lowByte) | (level & 0xF) << place.lowShift
            stored.store(byte: low, at: place.lowByte)
            let high = UnsafeRawPointer(stored).byte(at: 128 + place.highByte) | (level >> 4) << place.highShift
            stored.store(byte: high, at: 128 + place.highByte)
        }
    }

    /// What the groups' levels mean after scales and minima were rounded.
    private struct Header {
        var inverses: [Float] = []
        var offsets: [Float] = []
        let highestLevel: Float

        func level(_ value: Float, _ group: Int) -> UInt8 {
            UInt8(nearestLevel((value + offsets[group]) * inverses[group], 0, highestLevel))
        }
    }

    /// Writes d, dmin and the packed scales and minima.
    private static func storeScales(
        _ values: UnsafePointer<Float>, highestLevel: Int, _ stored: UnsafeMutableRawPointer
    ) -> Header {
        let groups = (0..<8).map {
            ScaleSearch.scaleAndMinimum(values + 32 * $0, count: 32, highestLevel: highestLevel)
        }
        let d = stored.store(half: groups.reduce(0) { max($0, $1.scale) } / 63, at: 0)
        let dmin = stored.store(half: groups.reduce(0) { max($0, $1.minimum) } / 63, at: 2)
        for offset in 4..<16 { stored.store(byte: 0, at: offset) }
        var header = Header(highestLevel: Float(highestLevel))
        for (group, found) in groups.enumerated() {
            let scale = UInt8(nearestLevel(found.scale * reciprocal(d), 0, 63))
            let minimum = UInt8(nearestLevel(found.minimum * reciprocal(dmin), 0, 63))
            pack(scale: scale, minimum: minimum, group, stored + 4)
            header.inverses.append(reciprocal(d * Float(scale)))
            header.offsets.append(dmin * Float(minimum))
        }
        return header
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

    private static func storeNibbles(
        _ values: UnsafePointer<Float>, _ header: Header, _ quants: UnsafeMutableRawPointer
    ) {
        for pair in 0..<4 {
            for l in 0..<32 {
                let low = header.level(values[64 * pair + l], 2 * pair) & 0xF
                let high = header.level(values[64 * pair + 32 + l], 2 * pair + 1) & 0xF
                quants.store(byte: low | high << 4, at: 32 * pair + l)
            }
        }
    }
}
