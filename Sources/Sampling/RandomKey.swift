/// Where in the world a token is drawn. Equal keys give equal numbers, whatever was drawn before or elsewhere: a
/// sequence restarted in the middle, or with other neighbours in its batch, goes on with the same tokens.
public struct RandomKey: Sendable, Hashable {
    /// The request's seed.
    public var seed: UInt64
    /// Which of a request's parallel answers.
    public var choice: UInt32
    /// The position in the sequence that the drawn token takes, the prompt counted.
    public var position: UInt64

    public init(seed: UInt64, choice: UInt32 = 0, position: Int) {
        self.seed = seed
        self.choice = choice
        self.position = UInt64(truncatingIfNeeded: position)
    }

    /// A number in 0 ..< 1 with 53 random bits.
    public var unit: Double {
        let counter = SIMD4(UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32), choice, 0)
        let key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        let words = Philox.block(counter: counter, key: key)
        return Double((UInt64(words.x) << 32 | UInt64(words.y)) >> 11) * 0x1p-53
    }
}

/// Philox 4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), section 3.3.
enum Philox {
    static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var counter = counter
        var key = key
        for _ in 0..<10 {
            let first = counter.x.multipliedFullWidth(by: 0xd251_1f53)
            let second = counter.z.multipliedFullWidth(by: 0xcd9e_8d57)
            counter = SIMD4(second.high ^ counter.y ^ key.x, second.low, first.high ^ counter.w ^ key.y, first.low)
            key &+= SIMD2(0x9e37_79b9, 0xbb67_ae85)
        }
        return counter
    }
}
