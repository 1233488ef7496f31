import Tokenization

/// A step between the model's logits and the choice of a token: it makes tokens likelier, less likely, or impossible.
///
/// What it does depends on its own parameters and on the history alone, so that a sequence may be computed again, or
/// further than it will go.
public protocol LogitsProcessor {
    /// Changes the logits of the token that follows `history`.
    ///
    /// - Parameters:
    ///   - logits: `[vocabSize]`, finite, or -infinity for tokens that cannot come, before and after.
    ///   - history: the sequence so far, prompt first.
    func process(_ logits: UnsafeMutableBufferPointer<Double>, after history: [TokenID])
}
