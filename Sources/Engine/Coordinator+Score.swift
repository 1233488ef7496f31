import Elementary
import Tokenization

/// How likely a model finds given tokens.
public struct Score: Sendable {
    public var ids: [TokenID]
    /// Negative log-likelihood in nats; entry i is that of `ids[i + 1]` after the tokens before it.
    public var nll: [Double]
    /// The likeliest token after each one.
    public var argmax: [TokenID]

    public var meanNLL: Double { nll.isEmpty ? 0 : nll.reduce(0, +) / Double(nll.count) }
    public var perplexity: Double { Transcendental.exp(meanNLL) }
}

extension Coordinator {
    /// Takes `ids` through the model as given (teacher forcing).
    ///
    /// - Parameter onLogits: Shown the logits `[vocabSize]` after each token, in order.
    public func score(
        _ ids: [TokenID], onLogits: (UnsafeBufferPointer<Float>) throws -> Void = { _ in }
    ) throws -> Score {
        try PromptRules(configuration, contextLength: contextLength).check(ids)
        forgetCache()
        var score = Score(ids: ids, nll: [], argmax: [])
        try evaluate(ids, logits: .all) { position, logits in
            let best = try likeliest(logits)
            score.argmax.append(TokenID(best))
            if position + 1 < ids.count {
                score.nll.append(
                    negativeLogLikelihood(of: Int(ids[position + 1]), logits, maximum: logits[best]))
            }
            try onLogits(logits)
        }
        try rest()
        return score
    }

    /// The index of the largest logit, the lower one of equals.
    func likeliest(_ logits: UnsafeBufferPointer<Float>) throws(EngineError) -> Int {
        var best = 0
        for (id, logit) in logits.enumerated() {
            guard logit.isFinite else {
                throw .badInput("the model yields logits that are not finite; its file is damaged or overflows float32")
            }
            if logit > logits[best] { best = id }
        }
        return best
    }

    private func negativeLogLikelihood(
        of id: Int, _ logits: UnsafeBufferPointer<Float>, maximum: Float
    ) -> Double {
        var sum = 0.0
        for logit in logits { sum += Transcendental.exp(Double(logit) - Double(maximum)) }
        return Transcendental.log(sum) - (Double(logits[id]) - Double(maximum))
    }
}
