import Microbatches
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
    private var answer = Answer()

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

    func take(_ rows: SequenceRows, of sequence: TokenSequence, _ sampler: inout Sampler) throws -> Answer {
        answer.removeAll()
        let token = TokenID(try rows.logits(after: rows.positions.upperBound - 1).likeliest())
        let now = clock.seconds
        guard let last else {
            timeToFirstToken = now - start
            firstToken = token
            return answer
        }
        interTokenSeconds.append(now - last)
        self.last = now
        answer.tokens.append(token)
        answer.isLast = interTokenSeconds.count == tokenCount - 1
        return answer
    }
}

/// A prompt that ends with its first token.
final class OneToken: SequenceConsumer {
    func take(_ rows: SequenceRows, of sequence: TokenSequence, _ sampler: inout Sampler) -> Answer {
        Answer(isLast: true)
    }
}
