import Elementary
import Requests
import Sampling
import Scheduling
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

/// Compares the logits of every position with the token that follows.
private final class Scoring: SequenceConsumer {
    private(set) var score: Score
    private let onLogits: (UnsafeBufferPointer<Float>) throws -> Void

    init(_ ids: [TokenID], _ onLogits: @escaping (UnsafeBufferPointer<Float>) throws -> Void) {
        score = Score(ids: ids)
        self.onLogits = onLogits
    }

    func take(_ rows: SequenceRows, of sequence: TokenSequence, _ sampler: inout Sampler) throws -> Answer {
        // Some may have come before: the sequence had to make room for another.
        for position in rows.positions where position == score.argmax.count {
            try take(rows.logits(after: position), after: position)
        }
        return Answer(isLast: rows.positions.upperBound == score.ids.count)
    }

    private func take(_ logits: UnsafeBufferPointer<Float>, after position: Int) throws {
        let best = try logits.likeliest()
        score.argmax.append(TokenID(best))
        if position + 1 < score.ids.count {
            score.nll.append(
                negativeLogLikelihood(of: Int(score.ids[position + 1]), logits, maximum: logits[best]))
        }
        try onLogits(logits)
    }

    private func negativeLogLikelihood(
        of id: Int, _ logits: UnsafeBufferPointer<Float>, maximum: Float
    ) -> Double {
        var sum = 0.0
        for logit in logits { sum += Transcendental.exp(Double(logit) - Double(maximum)) }
        return Transcendental.log(sum) - (Double(logits[id]) - Double(maximum))
    }
}

extension UnsafeBufferPointer<Float> {
    /// The index of the largest logit, the lower one of equals.
    func likeliest() throws(EngineError) -> Int {
        var best = 0
        for (id, logit) in enumerated() {
            guard logit.isFinite else {
                throw .badInput("the model yields logits that are not finite; its file is damaged or overflows float32")
            }
            if logit > self[best] { best = id }
        }
        return best
    }
}
