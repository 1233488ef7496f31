import Sampling
import Scheduling

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
