import Tokenization

/// Makes tokens of the history less likely, or likelier: repetition, frequency and presence penalty, in this order.
struct Penalties: LogitsProcessor {
    private let repetition: Double
    private let frequency: Double
    private let presence: Double
    /// How many of the last tokens count; nil for all.
    private let window: Int?
    private let counts: TokenCounts

    /// nil where no penalty changes a logit.
    init?(_ parameters: SamplingParameters, counts: TokenCounts) {
        repetition = parameters.repeatPenalty
        frequency = parameters.frequencyPenalty
        presence = parameters.presencePenalty
        window = parameters.penaltyWindow
        self.counts = counts
        if repetition == 1, frequency == 0, presence == 0 { return nil }
    }

    func process(_ logits: UnsafeMutableBufferPointer<Double>, after history: [TokenID]) {
        counts.count(history.suffix(window ?? history.count))
        for id in counts.distinct {
            var logit = logits[Int(id)]
            logit = logit > 0 ? logit / repetition : logit * repetition
            logit -= Double(counts[id]) * frequency
            logits[Int(id)] = logit - presence
        }
        counts.clear()
    }
}
