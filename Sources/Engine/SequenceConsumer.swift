import Sampling
import Tokenization

/// Takes the logits of one sequence as they come back and decides what follows.
protocol SequenceConsumer: AnyObject {
    /// The first of its tokens are on their way.
    ///
    /// - Parameter reused: How many of its tokens were found in the KV cache.
    func begin(reusing reused: Int)

    /// Takes the logits `[vocabSize]` that follow the token at `position`. Positions come in ascending order; one may come
    /// again after the sequence had to make room for another.
    func take(_ logits: UnsafeBufferPointer<Float>, after position: Int, _ sampler: inout Sampler) throws -> NextToken
}

extension SequenceConsumer {
    func begin(reusing reused: Int) {}
}

/// How a sequence goes on.
enum NextToken {
    case token(TokenID)
    /// It is over; its slot and its blocks are free again.
    case end
    /// Nothing yet: more logits follow, or ``Coordinator/resume(_:with:)`` gives the token.
    case none
}
