/// Where in the world a token is drawn: together with a token's id it keys that token's noise, see ``GumbelNoise``.
///
/// Equal keys give equal noise, whatever was drawn before or elsewhere: a sequence restarted in the middle, or with other
/// neighbours in its batch, goes on with the same tokens. Two models that see the same key are given the same noise, so
/// they choose the same token wherever their probabilities are much alike.
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
}
