import Scheduling
import Tokenization

extension Coordinator {
    /// Takes `ids` through the model as given (teacher forcing), in ``ScoringWindows`` where the context does not hold them.
    ///
    /// - Parameters:
    ///   - bos: What each window begins with, in place of the token that is there; nil: nothing.
    ///   - onLogits: Shown the logits `[vocabSize]` after each token, in order.
    public func score(
        _ ids: [TokenID], bos: TokenID? = nil,
        onLogits: @escaping (UnsafeBufferPointer<Float>) throws -> Void = { _ in }
    ) throws -> Score {
        guard let windows = ScoringWindows(tokenCount: ids.count, contextLength: contextLength) else {
            return try scoreAtOnce(ids, onLogits)
        }
        var score = Score(ids: Array(ids[..<windows.tokenCount]))
        score.windows = windows
        for range in windows.ranges {
            var tokens = Array(ids[range])
            if let bos { tokens[0] = bos }
            let part = try scoreAtOnce(tokens, onLogits)
            // The first token of a window is not predicted by the window before it.
            if range.lowerBound > 0 { score.nll.append(nil) }
            score.nll += part.nll.enumerated().map { windows.counts($0.offset) ? $0.element : nil }
            score.argmax += part.argmax
        }
        return score
    }

    private func scoreAtOnce(
        _ ids: [TokenID], _ onLogits: @escaping (UnsafeBufferPointer<Float>) throws -> Void
    ) throws -> Score {
        let scoring = Scoring(ids, onLogits)
        _ = try add(SequenceRequest(tokens: ids, wantsAllRows: true), scoring)
        while scoring.score.argmax.count < ids.count { _ = try step() }
        try rest()
        return scoring.score
    }
}
