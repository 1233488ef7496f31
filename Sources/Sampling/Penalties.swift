import Tokenization

/// Makes tokens less likely, or likelier, where they stand already: the repetition penalty where they stand in prompt or
/// answer, then the frequency and presence penalties where they stand in the answer, as OpenAI and vLLM count.
struct Penalties: LogitsProcessor {
    private let repetition: Double
    private let frequency: Double
    private let presence: Double
    /// How many of the last tokens count; nil for all.
    private let window: Int?
    /// Tokens at the beginning of the history that were not sampled.
    private let promptCount: Int
    private let counts: TokenCounts

    /// nil where no penalty changes a logit.
    init?(_ parameters: SamplingParameters, promptCount: Int, counts: TokenCounts) {
        repetition = parameters.repeatPenalty
        frequency = parameters.frequencyPenalty
        presence = parameters.presencePenalty
        window = parameters.penaltyWindow
        self.promptCount = promptCount
        self.counts = counts
        if repetition == 1, frequency == 0, presence == 0 { return nil }
    }

    func process(_ logits: UnsafeMutableBufferPointer<Double>, after history: [TokenID]) {
        let recent = history.suffix(window ?? history.count)
        if repetition != 1 {
            counts.count(recent)
            for id in counts.distinct {
                let logit = logits[Int(id)]
                logits[Int(id)] = logit > 0 ? logit / repetition : logit * repetition
            }
            counts.clear()
        }
        guard frequency != 0 || presence != 0 else { return }
        counts.count(history[max(recent.startIndex, min(promptCount, history.endIndex))...])
        for id in counts.distinct {
            let logit = logits[Int(id)] - Double(counts[id]) * frequency
            logits[Int(id)] = logit - presence
        }
        counts.clear()
    }
}
