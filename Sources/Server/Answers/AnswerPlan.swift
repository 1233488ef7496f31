import Engine

/// What one HTTP request asks of the engine.
struct AnswerPlan: Sendable {
    /// One for each choice, by its index: all choices of the first prompt, then those of the next.
    let requests: [GenerationRequest]
    let choicesPerPrompt: Int
    let sampling: SamplingFields

    /// Tokens of all prompts, each counted once.
    var promptTokens: Int {
        stride(from: 0, to: requests.count, by: choicesPerPrompt).reduce(0) { $0 + requests[$1].promptIDs.count }
    }
}
