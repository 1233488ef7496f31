import Sampling
import Tokenization

extension Coordinator {
    /// Samples tokens after `request.promptIDs`, reusing what the KV cache has of them.
    ///
    /// - Parameters:
    ///   - hashesLogits: Whether the result carries a hash of the logits sampled from.
    ///   - onText: Told each piece of text as soon as it is certain: whole characters, no part of a stop string.
    /// - Throws: ``EngineError`` for prompts that cannot be taken, and whatever ends the run.
    public func generate(
        _ request: GenerationRequest, hashesLogits: Bool = false, onText: (String) -> Void = { _ in }
    ) throws -> GenerationResult {
        try PromptRules(configuration, contextLength: contextLength).check(request.promptIDs)
        try request.parameters.validate(vocabSize: configuration.vocabSize)
        var generation = try Generation(
            request, contextLength: contextLength, tokenizer: tokenizer, hashesLogits: hashesLogits)
        var timings = Timings()
        let clock = ContinuousClock()
        let start = clock.now

        let fresh = request.promptIDs[reuseCache(for: request.promptIDs)...]
        timings.prefillTokens = fresh.count
        var sampled = try sampleNext(after: fresh, request, &generation)
        timings.timeToFirstToken = start.duration(to: clock.now).seconds
        timings.prefillSeconds = timings.timeToFirstToken
        show(generation.append(sampled), onText)
        while generation.stopReason == nil, generation.history.count <= contextLength {
            sampled = try sampleNext(after: CollectionOfOne(sampled), request, &generation)
            timings.decodeTokens += 1
            timings.decodeSeconds = start.duration(to: clock.now).seconds - timings.timeToFirstToken
            show(generation.append(sampled), onText)
        }
        try rest()
        show(generation.finish(), onText)
        return generation.result(timings)
    }

    private func sampleNext(
        after ids: some Collection<TokenID>, _ request: GenerationRequest, _ generation: inout Generation
    ) throws -> TokenID {
        var sampled: TokenID = 0
        try evaluate(ids, logits: .last) { _, logits in
            generation.hash(logits)
            sampled = try sampler.sample(
                logits, parameters: request.parameters,
                key: RandomKey(seed: request.seed, position: generation.history.count), history: generation.history)
        }
        return sampled
    }

    private func show(_ text: String, _ onText: (String) -> Void) {
        if !text.isEmpty { onText(text) }
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
