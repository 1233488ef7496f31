import Scheduling
import Tokenization

extension Coordinator {
    /// Takes `ids` through the model as given (teacher forcing).
    ///
    /// - Parameter onLogits: Shown the logits `[vocabSize]` after each token, in order.
    public func score(
        _ ids: [TokenID], onLogits: @escaping (UnsafeBufferPointer<Float>) throws -> Void = { _ in }
    ) throws -> Score {
        let scoring = Scoring(ids, onLogits)
        _ = try add(SequenceRequest(tokens: ids, wantsAllRows: true), scoring)
        while scoring.score.argmax.count < ids.count { _ = try step() }
        try rest()
        return scoring.score
    }
}
