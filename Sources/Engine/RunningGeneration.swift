import Platform
import Requests
import Sampling
import Tokenization

/// A generation under way: samples from the logits that come back and keeps the time.
final class RunningGeneration: SequenceConsumer {
    private var generation: Generation
    private let request: GenerationRequest
    /// What is done to its logits before a token is chosen.
    private let processors: LogitsProcessors
    private let contextLength: Int
    private let onPrompt: ([TokenLogprobs]) -> Void
    private let onToken: (SampledToken) -> Void
    private let onEnd: (GenerationResult) -> Void

    /// Of the prompt's tokens from the second on, where they are asked for.
    private var promptLogprobs: [TokenLogprobs] = []
    private var timings = Timings()
    private let clock: any RunClock
    private let added: Double
    private var begun: Double?
    private var hasEnded = false

    init(
        _ generation: Generation, _ request: GenerationRequest, processors: LogitsProcessors, contextLength: Int,
        clock: any RunClock, onPrompt: @escaping ([TokenLogprobs]) -> Void, onToken: @escaping (SampledToken) -> Void,
        onEnd: @escaping (GenerationResult) -> Void
    ) {
        self.generation = generation
        self.request = request
        self.processors = processors
        self.contextLength = contextLength
        self.onPrompt = onPrompt
        self.onToken = onToken
        self.onEnd = onEnd
        self.clock = clock
        added = clock.seconds
    }

    func begin(reusing reused: Int) {
        guard begun == nil else { return }
        let now = clock.seconds
        begun = now
        timings.queueSeconds = now - added
        timings.prefillTokens = request.promptIDs.count - reused
        timings.reusedTokens = reused
    }

    func take(_ logits: UnsafeBufferPointer<Float>, after position: Int, _ sampler: inout Sampler) throws -> NextToken {
        // A prompt whose every row brings logits, or one that is computed again after it had to make room.
        guard position + 1 == generation.history.count else {
            score(logits, after: position, &sampler)
            return .none
        }
        if generation.sampledCount == 0, request.logprobs?.includesPrompt == true { onPrompt(promptLogprobs) }
        if request.maxTokens == 0 { return end() }
        generation.hash(logits)
        let token = try sampler.sample(
            logits, processors: processors, parameters: request.parameters,
            key: RandomKey(seed: request.seed, choice: request.choice, position: generation.history.count),
            history: generation.history)
        let logprobs = request.logprobs.map { sampler.logprobs(of: token, likeliest: $0.likeliest, logits) }
        noteTime()
        var text = generation.append(token)
        let isLast = generation.stopReason != nil || generation.history.count > contextLength
        if isLast { text += generation.finish() }
        onToken(SampledToken(id: token, text: text, logprobs: logprobs))
        return isLast ? end() : .token(token)
    }

    func cancel() {
        generation.cancel()
        _ = end()
    }

    /// Notes how likely the token after `position`, which is the prompt's, was.
    private func score(_ logits: UnsafeBufferPointer<Float>, after position: Int, _ sampler: inout Sampler) {
        guard let wish = request.logprobs, position == promptLogprobs.count,
            position + 1 < request.promptIDs.count
        else { return }
        promptLogprobs.append(
            sampler.logprobs(of: request.promptIDs[position + 1], likeliest: wish.likeliest, logits))
    }

    private func noteTime() {
        let now = clock.seconds
        if generation.sampledCount == 0 {
            timings.timeToFirstToken = now - added
            timings.prefillSeconds = now - (begun ?? added)
        } else {
            timings.decodeTokens += 1
            timings.decodeSeconds = now - added - timings.timeToFirstToken
        }
    }

    /// Once: whoever is told of a token may cancel the generation that it ends.
    private func end() -> NextToken {
        guard !hasEnded else { return .end }
        hasEnded = true
        onEnd(generation.result(timings))
        return .end
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
