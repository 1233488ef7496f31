import Microbatches
import Requests
import Ring
import Sampling
import Scheduling
import Tokenization

extension Coordinator {
    /// Runs prompts of made-up tokens, all at once, and when each has its first token, greedy decoding of all of them; end
    /// tokens are taken like any other, and nothing is reused.
    ///
    /// - Precondition: Both together fit the context, and `generateTokens` is at least 2.
    public func measure(promptTokens: Int, generateTokens: Int, sequences: Int) throws -> Measurement {
        try checkMemory(tokens: promptTokens + generateTokens, sequences: sequences)
        let clock = pipeline.clock
        _ = try pipeline.takeTimes()
        pipeline.mark("bench prefill begin", ["sequences": sequences])
        let firstMicrobatch = pipeline.submittedCount
        let probes = try addProbes(promptTokens, generateTokens, sequences)
        while try step() {}
        let prefillStages = try pipeline.takeTimes()
        let decodePhase = pipeline.tracePhase
        pipeline.mark("bench decode begin", ["sequences": sequences])
        let decodeStart = clock.seconds
        let firstDecoding = pipeline.submittedCount
        for probe in probes { resume(probe.id, with: probe.release(at: decodeStart)) }
        while try step() {}
        let decodeSeconds = clock.seconds - decodeStart
        pipeline.mark("bench decode end", ["sequences": sequences])
        let stages = try pipeline.takeTimes()
        try rest()
        return Measurement(
            promptTokens: promptTokens * sequences, timesToFirstToken: probes.map(\.timeToFirstToken),
            interTokenSeconds: probes.flatMap(\.interTokenSeconds), decodeSeconds: decodeSeconds,
            decodeMicrobatches: Int(pipeline.submittedCount - firstDecoding),
            prefillMicrobatches: Int(firstDecoding - firstMicrobatch), prefillStages: prefillStages, stages: stages,
            decodePhase: decodePhase)
    }
}

extension Coordinator {
    /// Decodes like ``measure(promptTokens:generateTokens:sequences:)`` while prompts of `length` tokens keep coming: one
    /// waits at any time.
    ///
    /// - Returns: Seconds from one token to the next, of all sequences.
    public func measureBesidePrompts(
        of length: Int, promptTokens: Int, generateTokens: Int, sequences: Int
    ) throws -> [Double] {
        try checkMemory(tokens: promptTokens + generateTokens, sequences: sequences, prompts: 2, of: length)
        let probes = try addProbes(promptTokens, generateTokens, sequences)
        while try step() {}
        for probe in probes { resume(probe.id, with: probe.release(at: pipeline.clock.seconds)) }
        var prompts: [SequenceID] = []
        while probes.contains(where: { scheduler.contains($0.id) }) {
            if scheduler.waitingCount == 0 {
                prompts.append(try add(madeUpPrompt(length, index: prompts.count), OneToken()))
            }
            _ = try step()
        }
        for prompt in prompts { end(prompt) }
        while try step() {}
        try rest()
        return probes.flatMap(\.interTokenSeconds)
    }

    private func addProbes(
        _ promptTokens: Int, _ generateTokens: Int, _ sequences: Int
    ) throws -> [DecodingProbe] {
        try (0..<sequences).map { index in
            let probe = DecodingProbe(tokenCount: generateTokens, clock: pipeline.clock)
            probe.id = try add(madeUpPrompt(promptTokens, index: index), probe)
            return probe
        }
    }

    private func madeUpPrompt(_ length: Int, index: Int) -> SequenceRequest {
        let tokens = (0..<length).map { TokenID((1 + index + $0 * 7919) % configuration.vocabSize) }
        return SequenceRequest(tokens: tokens, reusesPrefix: false)
    }

    /// Sequences that make room for each other would be measured as something else.
    private func checkMemory(
        tokens: Int, sequences: Int, prompts: Int = 0, of length: Int = 0
    ) throws(EngineError) {
        let blocks =
            sequences * KVCapacity.blocks(forPositions: tokens) + prompts * KVCapacity.blocks(forPositions: length)
        guard blocks <= scheduler.limits.capacity.blockCount else {
            let room = scheduler.limits.capacity.blockCount / KVCapacity.blocks(forPositions: tokens)
            throw .usage(
                "\(sequences) sequences of \(tokens) tokens do not fit the memory for keys and values, \(room) do; "
                    + "measure fewer or shorter ones, use --kv-type q8_0 or raise --kv-memory")
        }
    }
}
