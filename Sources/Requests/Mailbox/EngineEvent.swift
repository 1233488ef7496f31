import Sampling

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
