import Sampling
import Scheduling
import Tokenization

/// Takes the rows of one sequence as they come back and decides what follows.
protocol SequenceConsumer: AnyObject {
    /// What it wants of its rows: the others are not computed.
    var rowContents: RowContents { get }

    /// The first of its tokens that must be computed are on their way, again after it had to make room.
    func begin(_ sequence: TokenSequence)

    /// Takes all rows that a microbatch brings of its sequence. Positions come in ascending order; some may come again
    /// after the sequence had to make room for another.
    ///
    /// An error ends the sequence: see ``fail(_:)``.
    func take(_ rows: SequenceRows, of sequence: TokenSequence, _ sampler: inout Sampler) throws -> Answer

    /// Its answer was taken: now others may be told of it.
    func answered()

    /// The sequence is over. It holds its prompt and all tokens that were answered.
    func end(_ sequence: TokenSequence)

    /// It could not take its rows, and the sequence is over. What it throws ends the run.
    func fail(_ error: any Error) throws
}

extension SequenceConsumer {
    var rowContents: RowContents { .logits }
    func begin(_ sequence: TokenSequence) {}
    func answered() {}
    func end(_ sequence: TokenSequence) {}
    func fail(_ error: any Error) throws { throw error }
}

/// What a consumer wants of its rows.
enum RowContents {
    /// What the output head makes of them.
    case logits
    /// Hidden states as they leave the last layer, before the final norm.
    case hiddenStates
}

/// How a sequence goes on.
struct Answer {
    /// The tokens that follow, in order. None: more rows are to come, or ``Coordinator/resume(_:with:)`` gives the token.
    var tokens: [TokenID] = []
    /// Whether it is over after them; its slot and its blocks are free again.
    var isLast = false

    /// Empties it; the memory stays, unless someone still holds a copy.
    mutating func removeAll() {
        tokens.removeAll(keepingCapacity: true)
        isLast = false
    }
}
