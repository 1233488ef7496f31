import Glibc

/// Requests as they may come: how many, how fast, and how long.
public struct RequestPattern: Sendable {
    public var count: Int
    /// Requests a second on average, at random (a Poisson process); nil: all at once.
    public var rate: Double?
    public var promptTokens: ClosedRange<Int>
    public var generateTokens: ClosedRange<Int>
    /// The same seed gives the same requests.
    public var seed: UInt64

    public init(
        count: Int, rate: Double?, promptTokens: ClosedRange<Int>, generateTokens: ClosedRange<Int>, seed: UInt64 = 1
    ) {
        self.count = count
        self.rate = rate
        self.promptTokens = promptTokens
        self.generateTokens = generateTokens
        self.seed = seed
    }

    public var requests: [SimulatedRequest] {
        var random = SplitMix(state: seed)
        var arrival = 0.0
        return (0..<count).map { _ in
            if let rate { arrival -= log(Double.random(in: .leastNormalMagnitude...1, using: &random)) / rate }
            return SimulatedRequest(
                arrival: arrival, promptTokens: .random(in: promptTokens, using: &random),
                generateTokens: .random(in: generateTokens, using: &random))
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
