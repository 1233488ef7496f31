/// Llama 3.1's scaling: slow pairs rotate `factor` times slower, fast ones as ever, those between in between.
public struct Llama3Scaling: Sendable, Equatable, Codable {
    public var factor: Double
    /// Pairs with fewer rotations than this in the original context are slow.
    public var lowFrequencyFactor: Double
    /// Pairs with more rotations than this in the original context are fast.
    public var highFrequencyFactor: Double
    public var originalContextLength: Int

    public init(
        factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalContextLength: Int
    ) {
        self.factor = factor
        self.lowFrequencyFactor = lowFrequencyFactor
        self.highFrequencyFactor = highFrequencyFactor
        self.originalContextLength = originalContextLength
    }
}
