/// What goes through all stages together: tokens of any number of sequences, and first the changes of the block tables
/// that they need.
public struct Microbatch: Sendable, Equatable {
    public var operations: [KVOperation]
    /// In the order of their rows.
    public var spans: [Span]
    /// The sequence of each span: rank 0 knows it, and it does not travel.
    public var sequences: [SequenceID]

    public init(spans: [Span] = [], operations: [KVOperation] = [], sequences: [SequenceID] = []) {
        self.spans = spans
        self.operations = operations
        self.sequences = sequences
    }

    /// Rows of hidden states.
    public var rowCount: Int { spans.reduce(0) { $0 + Int($1.count) } }

    /// Those of them that want logits.
    public var logitRowCount: Int { spans.reduce(0) { $0 + Int($1.logitRows) } }

    /// The positions that its rows see, summed over the rows.
    public var positionsSeen: Int { spans.reduce(0) { $0 + $1.positionsSeen } }

    /// Empties it; the memory stays.
    public mutating func removeAll() {
        operations.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
        sequences.removeAll(keepingCapacity: true)
    }
}
