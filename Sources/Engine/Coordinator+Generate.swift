import Requests
import Sampling
import Scheduling
import Tokenization

extension Coordinator {
    /// Samples tokens after `request.promptIDs`, beside whatever else runs.
    ///
    /// - Parameters:
    ///   - onToken: Told each token as soon as it is sampled.
    ///   - onPrompt: Told how likely the prompt's tokens were, from the second on; where the request asks for it.
    ///   - onEnd: Told the result, once.
    /// - Returns: A number by which ``cancel(_:)`` knows the generation.
    /// - Throws: For prompts, parameters and stop strings that cannot be taken; whatever else runs goes on.
    @discardableResult
    public func start(
        _ request: GenerationRequest, hashesLogits: Bool = false,
        onPrompt: @escaping ([TokenLogprobs]) -> Void = { _ in }, onToken: @escaping (SampledToken) -> Void = { _ in },
        onEnd: @escaping (GenerationResult) -> Void
    ) throws -> Int {
        try request.check(PromptRules(configuration, contextLength: contextLength))
        let scoresPrompt = request.logprobs?.includesPrompt ?? false
        let generation = try Generation(
            request, contextLength: contextLength, tokenizer: tokenizer, hashesLogits: hashesLogits)
        let running = RunningGeneration(
            generation, request, processors: sampler.processors(for: request.parameters), contextLength: contextLength,
            clock: pipeline.clock, onPrompt: onPrompt, onToken: onToken, onEnd: onEnd)
        return try add(
            SequenceRequest(
                tokens: request.promptIDs, wantsAllLogits: scoresPrompt, reusesPrefix: request.reusesPrefix),
            running)
    }

    /// Ends a generation now; its result says so. Numbers of ended ones are ignored.
    public func cancel(_ id: Int) {
        guard let running = consumers[id] as? RunningGeneration else { return }
        end(id)
        running.cancel()
    }

    /// Samples tokens after `request.promptIDs` and waits for the end.
    ///
    /// - Parameter onText: Told each piece of text as soon as it is certain: whole characters, no part of a stop string.
    public func generate(
        _ request: GenerationRequest, hashesLogits: Bool = false, onText: @escaping (String) -> Void = { _ in }
    ) throws -> GenerationResult {
        var result: GenerationResult?
        try start(
            request, hashesLogits: hashesLogits, onToken: { if !$0.text.isEmpty { onText($0.text) } },
            onEnd: { result = $0 })
        while result == nil { _ = try step() }
        try rest()
        return result!
    }
}
