import Sampling
import Scheduling
import Tokenization

/// Decodes greedily, waits after the first token until all sequences have theirs, and keeps the time.
final class DecodingProbe: SequenceConsumer {
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

/// A prompt that ends with its first token.
final class OneToken: SequenceConsumer {
    func take(_ logits: UnsafeBufferPointer<Float>, after position: Int, _ sampler: inout Sampler) -> NextToken { .end }
}
