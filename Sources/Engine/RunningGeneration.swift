import PipelineRuntime
import Sampling
import Tokenization

/// A generation under way: samples from the logits that come back and keeps the time.
final class RunningGeneration: SequenceConsumer {
    private var generation: Generation
    private let request: GenerationRequest
    private let contextLength: Int
    private let onText: (String) -> Void
    private let onEnd: (GenerationResult) -> Void

    private var timings = Timings()
    private let time: RunTime
    private let added: Double
    private var begun: Double?
    private var hasEnded = false

    init(
        _ generation: Generation, _ request: GenerationRequest, contextLength: Int, time: RunTime,
        onText: @escaping (String) -> Void, onEnd: @escaping (GenerationResult) -> Void
    ) {
        self.generation = generation
        self.request = request
        self.contextLength = contextLength
        self.onText = onText
        self.onEnd = onEnd
        self.time = time
        added = time.seconds
    }

    func begin(reusing reused: Int) {
        guard begun == nil else { return }
        let now = time.seconds
        begun = now
        timings.queueSeconds = now - added
        timings.prefillTokens = request.promptIDs.count - reused
    }

    func take(_ logits: UnsafeBufferPointer<Float>, after position: Int, _ sampler: inout Sampler) throws -> NextToken {
        generation.hash(logits)
        let token = try sampler.sample(
            logits, parameters: request.parameters,
            key: RandomKey(seed: request.seed, position: generation.history.count), history: generation.history)
        noteTime()
        show(generation.append(token))
        guard generation.stopReason == nil, generation.history.count <= contextLength else {
            finish()
            return .end
        }
        return .token(token)
    }

    func cancel() {
        generation.cancel()
        finish()
    }

    private func noteTime() {
        let now = time.seconds
        if generation.sampledCount == 0 {
            timings.timeToFirstToken = now - added
            timings.prefillSeconds = now - (begun ?? added)
        } else {
            timings.decodeTokens += 1
            timings.decodeSeconds = now - added - timings.timeToFirstToken
        }
    }

    /// Once: whoever is shown text may cancel the generation that it ends.
    private func finish() {
        guard !hasEnded else { return }
        hasEnded = true
        show(generation.finish())
        onEnd(generation.result(timings))
    }

    private func show(_ text: String) {
        if !text.isEmpty { onText(text) }
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
