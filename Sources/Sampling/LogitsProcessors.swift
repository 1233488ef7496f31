import Tokenization

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
