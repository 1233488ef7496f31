/// Which log-probabilities to tell of.
public struct LogprobsRequest: Sendable, Codable {
    /// How many of the likeliest tokens beside each one.
    public var likeliest: Int
    /// Whether the prompt's tokens are told of too; then no token need be sampled.
    public var includesPrompt: Bool

    public init(likeliest: Int, includesPrompt: Bool = false) {
        self.likeliest = likeliest
        self.includesPrompt = includesPrompt
    }
}
