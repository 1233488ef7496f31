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

/// The processors of one sequence, in the order in which they see its logits.
public struct LogitsProcessors {
    private var steps: [any LogitsProcessor] = []

    public init() {}

    public var isEmpty: Bool { steps.isEmpty }

    /// Adds one at the end.
    public mutating func append(_ processor: any LogitsProcessor) { steps.append(processor) }

    func process(_ logits: UnsafeMutableBufferPointer<Double>, after history: [TokenID]) {
        for step in steps { step.process(logits, after: history) }
    }
}
