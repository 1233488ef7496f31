/// A small generator with a fixed sequence (splitmix64), so that a failure can be repeated.
public struct FixedRandom: RandomNumberGenerator {
    private var state: UInt64

    public init(_ seed: Int) { state = UInt64(seed) }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    /// True once in so many calls.
    public mutating func isOne(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
