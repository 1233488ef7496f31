import Sampling
import Scheduling
import Tokenization

extension Coordinator {
    /// Samples tokens after `request.promptIDs`, beside whatever else runs.
    ///
    /// - Parameters:
    ///   - onText: Told each piece of text as soon as it is certain: whole characters, no part of a stop string.
    ///   - onEnd: Told the result, once.
    /// - Returns: A number by which ``cancel(_:)`` knows the generation.
    /// - Throws: For prompts, parameters and stop strings that cannot be taken; whatever else runs goes on.
    @discardableResult
    public func start(
        _ request: GenerationRequest, hashesLogits: Bool = false, onText: @escaping (String) -> Void = { _ in },
        onEnd: @escaping (GenerationResult) -> Void
    ) throws -> Int {
        try request.parameters.validate(vocabSize: configuration.vocabSize)
        guard request.maxTokens >= 1 else { throw EngineError.badInput("at least one token must be asked for") }
        let generation = try Generation(
            request, contextLength: contextLength, tokenizer: tokenizer, hashesLogits: hashesLogits)
        let running = RunningGeneration(
            generation, request, contextLength: contextLength, time: pipeline.time, onText: onText, onEnd: onEnd)
        return try add(SequenceRequest(tokens: request.promptIDs, reusesPrefix: request.reusesPrefix), running)
    }

    /// Ends a generation now; its result says so. Numbers of ended ones are ignored.
    public func cancel(_ id: Int) {
        guard let running = consumers[id] as? RunningGeneration else { return }
        end(id)
        running.cancel()
    }

    /// Samples tokens after `request.promptIDs` and waits for the end.
    public func generate(
        _ request: GenerationRequest, hashesLogits: Bool = false, onText: @escaping (String) -> Void = { _ in }
    ) throws -> GenerationResult {
        var result: GenerationResult?
        try start(request, hashesLogits: hashesLogits, onText: onText) { result = $0 }
        while result == nil { _ = try step() }
        try rest()
        return result!
    }
}
