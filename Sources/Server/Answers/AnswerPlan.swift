import Requests

/// What one HTTP request asks of the engine.
struct AnswerPlan: Sendable {
    /// One for each choice, by its index: all choices of the first prompt, then those of the next.
    private(set) var requests: [GenerationRequest]
    let choicesPerPrompt: Int
    let sampling: SamplingFields

    init(
        _ id: Requests.RequestID, _ requests: [GenerationRequest], choicesPerPrompt: Int, sampling: SamplingFields
    ) {
        self.requests = requests
        self.choicesPerPrompt = choicesPerPrompt
        self.sampling = sampling
        for index in requests.indices { self.requests[index].id = id.answer(index) }
    }

    /// Tokens of all prompts, each counted once.
    var promptTokens: Int {
        stride(from: 0, to: requests.count, by: choicesPerPrompt).reduce(0) { $0 + requests[$1].promptIDs.count }
    }
}
