import Platform
import Sampling
import Scheduling
import Tokenization

/// Decodes greedily, waits after the first token until all sequences have theirs, and keeps the time.
final class DecodingProbe: SequenceConsumer {
    var id: SequenceID = 0
    private(set) var timeToFirstToken = 0.0
    private(set) var interTokenSeconds: [Double] = []

    private let tokenCount: Int
    private let clock: any RunClock
    private let start: Double
    private var last: Double?
    private var firstToken: TokenID = 0

    init(tokenCount: Int, clock: any RunClock) {
        self.tokenCount = tokenCount
        self.clock = clock
        start = clock.seconds
        interTokenSeconds.reserveCapacity(tokenCount)
    }

    /// Begins to time the tokens after the first, which it returns.
    func release(at instant: Double) -> TokenID {
        last = instant
        return firstToken
    }

    func take(_ logits: UnsafeBufferPointer<Float>, after position: Int, _ sampler: inout Sampler) throws -> NextToken {
        let token = TokenID(try logits.likeliest())
        let now = clock.seconds
        guard let last else {
            timeToFirstToken = now - start
            firstToken = token
            return .none
        }
        interTokenSeconds.append(now - last)
        self.last = now
        return interTokenSeconds.count == tokenCount - 1 ? .end : .token(token)
    }
}

/// A prompt that ends with its first token.
final class OneToken: SequenceConsumer {
    func take(_ logits: UnsafeBufferPointer<Float>, after position: Int, _ sampler: inout Sampler) -> NextToken { .end }
}
