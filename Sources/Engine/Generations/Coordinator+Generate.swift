import Microbatches
import Requests
import Sampling
import Scheduling
import Tokenization

extension Coordinator {
    /// Samples tokens after `request.promptIDs`, beside whatever else runs.
    ///
    /// - Parameter onEvent: Told what becomes of it; ``GenerationEvent/ended(_:)`` or ``GenerationEvent/failed(_:)`` comes
    ///   once, as the last.
    /// - Returns: A number by which ``cancel(_:)`` knows the generation.
    /// - Throws: For prompts, parameters and stop strings that cannot be taken; whatever else runs goes on.
    @discardableResult
    public func start(
        _ request: GenerationRequest, hashesLogits: Bool = false, onEvent: @escaping (GenerationEvent) -> Void
    ) throws -> SequenceID {
        try request.check(PromptRules(configuration, contextLength: contextLength))
        let scoresPrompt = request.logprobs?.includesPrompt ?? false
        let generation = try Generation(request, tokenizer: tokenizer, hashesLogits: hashesLogits)
        let running = RunningGeneration(
            generation, request,
            processors: sampler.processors(for: request.parameters, promptCount: request.promptIDs.count),
            contextLength: contextLength, clock: pipeline.clock, onEvent: onEvent)
        let room = contextLength + 1 - request.promptIDs.count
        return try add(
            SequenceRequest(
                tokens: request.promptIDs, tokenCapacity: request.promptIDs.count + min(request.maxTokens, room),
                wantsAllRows: scoresPrompt, reusesPrefix: request.reusesPrefix),
            running)
    }

    /// Ends a generation now; its result says so. Numbers of ended ones are ignored.
    public func cancel(_ id: SequenceID) {
        guard let running = consumers[id] as? RunningGeneration else { return }
        running.cancel()
        end(id)
    }

    /// Samples tokens after `request.promptIDs` and waits for the end. The other stages stay awake: they notice where this one
    /// stops before it tells them what comes next, or to ``rest()``.
    ///
    /// - Parameter onText: Told each piece of text as soon as it is certain: whole characters, no part of a stop string.
    public func generate(
        _ request: GenerationRequest, hashesLogits: Bool = false, onText: @escaping (String) -> Void = { _ in }
    ) throws -> GenerationResult {
        var outcome: Result<GenerationResult, any Error>?
        try start(request, hashesLogits: hashesLogits) { event in
            switch event {
            case .token(let token): if !token.text.isEmpty { onText(token.text) }
            case .ended(let result): outcome = .success(result)
            case .failed(let error): outcome = .failure(error)
            case .prompt: break
            }
        }
        while outcome == nil { _ = try step() }
        return try outcome!.get()
    }
}
