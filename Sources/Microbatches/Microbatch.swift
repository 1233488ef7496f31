/// What goes through all stages together: tokens of any number of sequences, and first the changes of the block tables
/// that they need.
public struct Microbatch: Sendable, Equatable {
    public var operations: [KVOperation]
    /// In the order of their rows.
    public var spans: [Span]

    public init(spans: [Span] = [], operations: [KVOperation] = []) {
        self.spans = spans
        self.operations = operations
    }

    /// Rows of hidden states.
    public var rowCount: Int { spans.reduce(0) { $0 + Int($1.count) } }

    /// The positions that its rows see, summed over the rows.
    public var positionsSeen: Int { spans.reduce(0) { $0 + $1.positionsSeen } }

    public mutating func removeAll() {
        operations.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
    }
}
