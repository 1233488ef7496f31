/// The rows that a microbatch brings of one sequence: for each position of them, what the model made of its token. Valid
/// while the consumer takes them.
struct SequenceRows {
    /// Those of the tokens, ascending.
    let positions: Range<Int>
    private let rows: ReturnedRows
    /// The first one's place in the microbatch.
    private let first: Int

    init(_ rows: ReturnedRows, first: Int, positions: Range<Int>) {
        self.rows = rows
        self.first = first
        self.positions = positions
    }

    /// The logits `[vocabSize]` that follow the token at `position`, valid until those of another are asked for.
    func logits(after position: Int) -> UnsafeBufferPointer<Float> { rows.logits(row(of: position)) }

    /// The hidden states `[hiddenSize]` of the token at `position`, as they leave the last layer.
    func hiddenStates(at position: Int) -> UnsafeBufferPointer<Float> { rows.hiddenStates(row(of: position)) }

    private func row(of position: Int) -> Int {
        precondition(positions.contains(position))
        return first + position - positions.lowerBound
    }
}
