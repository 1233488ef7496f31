/// Philox 4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), section 3.3.
///
/// A counter and a key give four words of 32 random bits, whatever was asked for before.
enum Philox {
    /// The words x, y, z and w of four blocks side by side, each in the low half of a lane; the high halves hold anything.
    struct Blocks {
        var x: SIMD4<UInt64>
        var y: SIMD4<UInt64>
        var z: SIMD4<UInt64>
        var w: SIMD4<UInt64>
    }

    private static let rounds = 10
    private static let multipliers = (first: 0xd251_1f53 as UInt32, second: 0xcd9e_8d57 as UInt32)
    private static let keySteps = SIMD2<UInt32>(0x9e37_79b9, 0xbb67_ae85)

    static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var counter = counter
        var key = key
        for _ in 0..<rounds {
            let first = counter.x.multipliedFullWidth(by: multipliers.first)
            let second = counter.z.multipliedFullWidth(by: multipliers.second)
            counter = SIMD4(second.high ^ counter.y ^ key.x, second.low, first.high ^ counter.w ^ key.y, first.low)
            key &+= keySteps
        }
        return counter
    }

    /// What ``block(counter:key:)`` gives for four counters, several times faster.
    @inline(__always)
    static func blocks(counters: Blocks, key: SIMD2<UInt32>) -> Blocks {
        var counters = counters
        var key = key
        let low = SIMD4<UInt64>(repeating: 0xffff_ffff)
        for _ in 0..<rounds {
            let first = (counters.x & low) &* SIMD4(repeating: UInt64(multipliers.first))
            let second = (counters.z & low) &* SIMD4(repeating: UInt64(multipliers.second))
            counters = Blocks(
                x: (second &>> 32) ^ counters.y ^ SIMD4(repeating: UInt64(key.x)), y: second,
                z: (first &>> 32) ^ counters.w ^ SIMD4(repeating: UInt64(key.y)), w: first)
            key &+= keySteps
        }
        return counters
    }
}
