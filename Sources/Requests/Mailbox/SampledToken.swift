import Sampling
import Tokenization

/// One sampled token, as whoever streams is told of it.
public struct SampledToken: Sendable, Codable {
    public var id: TokenID
    /// Text that became certain with it: whole characters, no part of a stop string; often, but not always, its own.
    public var text: String
    /// Where they were asked for.
    public var logprobs: TokenLogprobs?

    public init(id: TokenID, text: String, logprobs: TokenLogprobs? = nil) {
        self.id = id
        self.text = text
        self.logprobs = logprobs
    }
}
