import Sampling
import Tokenization

/// What the engine tells of one request: perhaps its prompt, any number of tokens, then one of the others.
public enum EngineEvent: Sendable, Codable {
    /// How likely the prompt's tokens were, from the second on; where that was asked for.
    case prompt([TokenLogprobs])
    case token(SampledToken)
    /// It is over; cancelled requests end like this too.
    case ended(GenerationResult)
    /// It asks for what cannot be; the sentence says what.
    case refused(String)
    /// It could not go on; the sentence says why. Others do.
    case failed(String)
    /// The engine ended before the request did; the sentence says why.
    case lost(String)

    /// Whether nothing follows.
    public var isLast: Bool {
        switch self {
        case .prompt, .token: false
        case .ended, .refused, .failed, .lost: true
        }
    }
}

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
