import Elementary
import Tokenization

/// How likely a model finds given tokens.
public struct Score: Sendable {
    public var ids: [TokenID]
    /// Negative log-likelihood in nats; entry i is that of `ids[i + 1]` after the tokens before it; nil where it does not
    /// count.
    public var nll: [Double?] = []
    /// The likeliest token after each one.
    public var argmax: [TokenID] = []
    /// nil where the context holds all tokens.
    public var windows: ScoringWindows?

    /// Of those that count.
    public var meanNLL: Double {
        let counted = nll.compactMap(\.self)
        return counted.isEmpty ? 0 : counted.reduce(0, +) / Double(counted.count)
    }
    public var perplexity: Double { Transcendental.exp(meanNLL) }
}
