import Elementary
import Sampling
import Scheduling
import Tokenization

/// Compares the logits of every position with the token that follows.
final class Scoring: SequenceConsumer {
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
