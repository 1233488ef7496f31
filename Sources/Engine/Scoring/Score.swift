import Elementary
import Tokenization

/// How likely a model finds given tokens.
public struct Score: Sendable {
    public var ids: [TokenID]
    /// Negative log-likelihood in nats; entry i is that of `ids[i + 1]` after the tokens before it.
    public var nll: [Double] = []
    /// The likeliest token after each one.
    public var argmax: [TokenID] = []

    public var meanNLL: Double { nll.isEmpty ? 0 : nll.reduce(0, +) / Double(nll.count) }
    public var perplexity: Double { Transcendental.exp(meanNLL) }
}
