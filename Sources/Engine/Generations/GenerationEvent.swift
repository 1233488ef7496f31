import Requests
import Sampling

/// What becomes of a generation: perhaps its prompt, any number of tokens, then one of the others.
public enum GenerationEvent {
    /// How likely the prompt's tokens were, from the second on; where the request asks for it.
    case prompt([TokenLogprobs])
    /// As soon as it is sampled.
    case token(SampledToken)
    /// It is over, or was cancelled.
    case ended(GenerationResult)
    /// It could not go on; others do.
    case failed(any Error)
}
