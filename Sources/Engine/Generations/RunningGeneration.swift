import Platform
import Requests
import Sampling
import Scheduling
import Tokenization

/// A generation under way: samples from the logits that come back, keeps the time, and tells what becomes of it.
final class RunningGeneration: SequenceConsumer {
    private var generation: Generation
    private let request: GenerationRequest
    /// What is done to its logits before a token is chosen.
    private let processors: LogitsProcessors
    private let contextLength: Int
    private let onEvent: (GenerationEvent) -> Void

    /// Of the prompt's tokens from the second on, where they are asked for.
    private var promptLogprobs: [TokenLogprobs] = []
    private var timings = Timings()
    private let clock: any RunClock
    private let added: Double
    private var begun: Double?
    private var answer = Answer()
    /// What is to be told of the answer.
    private var events: [GenerationEvent] = []

    /// - Parameter request: Its prompt is that of the sequence, where it is read.
    init(
        _ generation: Generation, _ request: GenerationRequest, processors: LogitsProcessors, contextLength: Int,
        clock: any RunClock, onEvent: @escaping (GenerationEvent) -> Void
    ) {
        self.generation = generation
        var request = request
        request.promptIDs = []
        self.request = request
        self.processors = processors
        self.contextLength = contextLength
        self.onEvent = onEvent
        self.clock = clock
        added = clock.seconds
    }

    func begin(_ sequence: TokenSequence) {
        guard begun == nil else { return }
        let now = clock.seconds
        begun = now
        timings.queueSeconds = now - added
        timings.prefillTokens = sequence.promptCount - sequence.reusedCount
        timings.reusedTokens = sequence.reusedCount
    }

    func take(_ rows: SequenceRows, of sequence: TokenSequence, _ sampler: inout Sampler) throws -> Answer {
        answer.removeAll()
        for position in rows.positions {
            // Of a prompt whose every row comes back, or one that is computed again after it had to make room.
            if position + 1 < sequence.tokens.count {
                score(rows, after: position, of: sequence, &sampler)
            } else {
                try sample(rows.logits(after: position), after: sequence.tokens, &sampler)
            }
        }
        return answer
    }

    func answered() {
        for event in events { onEvent(event) }
        events.removeAll(keepingCapacity: true)
    }

    func end(_ sequence: TokenSequence) {
        onEvent(
            .ended(
                GenerationResult(
                    promptIDs: Array(sequence.tokens[..<sequence.promptCount]),
                    ids: Array(sequence.tokens[sequence.promptCount...]), text: generation.text,
                    stopReason: generation.stopReason ?? .length, seed: request.seed, logitsHash: generation.hash,
                    timings: timings)))
    }

    func fail(_ error: any Error) { onEvent(.failed(error)) }

    /// Ends it before its time; its result, which is next, will say so.
    func cancel() { generation.cancel() }

    /// Answers with the token that follows `history`.
    private func sample(
        _ logits: UnsafeBufferPointer<Float>, after history: [TokenID], _ sampler: inout Sampler
    ) throws {
        if generation.sampledCount == 0, request.logprobs?.includesPrompt == true {
            events.append(.prompt(promptLogprobs))
        }
        if request.maxTokens == 0 {
            answer.isLast = true
            return
        }
        generation.hash(logits)
        let token = try sampler.sample(
            logits, processors: processors, parameters: request.parameters,
            key: RandomKey(seed: request.seed, choice: request.choice, position: history.count), history: history)
        let logprobs = request.logprobs.map { sampler.logprobs(of: token, likeliest: $0.likeliest, logits) }
        noteTime()
        var text = generation.append(token)
        answer.tokens.append(token)
        // The token sampled last needs no place in the context.
        answer.isLast = generation.stopReason != nil || history.count == contextLength
        if answer.isLast { text += generation.finish() }
        events.append(.token(SampledToken(id: token, text: text, logprobs: logprobs)))
    }

    /// Notes how likely the token after `position`, where it is the prompt's, was.
    private func score(
        _ rows: SequenceRows, after position: Int, of sequence: TokenSequence, _ sampler: inout Sampler
    ) {
        guard let wish = request.logprobs, position == promptLogprobs.count, position + 1 < sequence.promptCount
        else { return }
        promptLogprobs.append(
            sampler.logprobs(
                of: sequence.tokens[position + 1], likeliest: wish.likeliest, rows.logits(after: position)))
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
}
