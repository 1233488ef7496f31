import Microbatches
import PipelineRuntime
import Sampling
import Scheduling
import Tokenization

/// What one timed run of prompts and generation took.
public struct Measurement: Sendable {
    /// Prompt tokens of all sequences.
    public let promptTokens: Int
    /// From the start to the first token, of each sequence.
    public let timesToFirstToken: [Double]
    /// Seconds from one token to the next, of all sequences.
    public let interTokenSeconds: [Double]
    /// Seconds of decoding, from the first tokens to the last one.
    public let decodeSeconds: Double
    /// Microbatches of decoding, each of which reads the weights once.
    public let decodeMicrobatches: Int
    /// Microbatches of the prompts.
    public let prefillMicrobatches: Int
    /// Where the stages' time went while the prompts were computed, by rank.
    public let prefillStages: [StageTimes]
    /// The same while decoding.
    public let stages: [StageTimes]

    /// Rates are summed over the sequences.
    public var prefillRate: Double { Double(promptTokens) / (timesToFirstToken.max() ?? 0) }
    public var decodeRate: Double { Double(interTokenSeconds.count) / decodeSeconds }
}

extension Coordinator {
    /// Runs prompts of made-up tokens, all at once, and when each has its first token, greedy decoding of all of them; end
    /// tokens are taken like any other, and nothing is reused.
    ///
    /// - Precondition: Both together fit the context, and `generateTokens` is at least 2.
    public func measure(promptTokens: Int, generateTokens: Int, sequences: Int) throws -> Measurement {
        try checkMemory(tokens: promptTokens + generateTokens, sequences: sequences)
        let clock = ContinuousClock()
        _ = try pipeline.takeTimes()
        let firstMicrobatch = pipeline.submittedCount
        let start = clock.now
        let probes = try (0..<sequences).map { index in
            let tokens = (0..<promptTokens).map { TokenID((1 + index + $0 * 7919) % configuration.vocabSize) }
            let probe = DecodingProbe(tokenCount: generateTokens, start: start)
            probe.id = try add(SequenceRequest(tokens: tokens, reusesPrefix: false), probe)
            return probe
        }
        while try step() {}
        let prefillStages = try pipeline.takeTimes()
        let decodeStart = clock.now
        let firstDecoding = pipeline.submittedCount
        for probe in probes { resume(probe.id, with: probe.release(at: decodeStart)) }
        while try step() {}
        let decodeSeconds = decodeStart.duration(to: clock.now).seconds
        let stages = try pipeline.takeTimes()
        try rest()
        return Measurement(
            promptTokens: promptTokens * sequences, timesToFirstToken: probes.map(\.timeToFirstToken),
            interTokenSeconds: probes.flatMap(\.interTokenSeconds), decodeSeconds: decodeSeconds,
            decodeMicrobatches: Int(pipeline.submittedCount - firstDecoding),
            prefillMicrobatches: Int(firstDecoding - firstMicrobatch), prefillStages: prefillStages, stages: stages)
    }
}

extension Coordinator {
    /// Sequences that make room for each other would be measured as something else.
    private func checkMemory(tokens: Int, sequences: Int) throws(EngineError) {
        let blocks = sequences * KVCapacity.blocks(forPositions: tokens)
        guard blocks <= scheduler.limits.capacity.blockCount else {
            let room = scheduler.limits.capacity.blockCount / KVCapacity.blocks(forPositions: tokens)
            throw .usage(
                "\(sequences) sequences of \(tokens) tokens do not fit the memory for keys and values, \(room) do; "
                    + "measure fewer or shorter ones, use --kv-type q8_0 or raise --kv-memory")
        }
    }
}

/// Decodes greedily, waits after the first token until all sequences have theirs, and keeps the time.
private final class DecodingProbe: SequenceConsumer {
    var id: SequenceID = 0
    private(set) var timeToFirstToken = 0.0
    private(set) var interTokenSeconds: [Double] = []

    private let tokenCount: Int
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var last: ContinuousClock.Instant?
    private var firstToken: TokenID = 0

    init(tokenCount: Int, start: ContinuousClock.Instant) {
        self.tokenCount = tokenCount
        self.start = start
        interTokenSeconds.reserveCapacity(tokenCount)
    }

    /// Begins to time the tokens after the first, which it returns.
    func release(at instant: ContinuousClock.Instant) -> TokenID {
        last = instant
        return firstToken
    }

    func take(_ logits: UnsafeBufferPointer<Float>, after position: Int, _ sampler: inout Sampler) throws -> NextToken {
        let token = TokenID(try logits.likeliest())
        let now = clock.now
        guard let last else {
            timeToFirstToken = start.duration(to: now).seconds
            firstToken = token
            return .none
        }
        interTokenSeconds.append(last.duration(to: now).seconds)
        self.last = now
        return interTokenSeconds.count == tokenCount - 1 ? .end : .token(token)
    }
}
