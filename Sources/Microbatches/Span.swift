/// A run of consecutive tokens of one sequence inside a microbatch, one row of hidden states each.
///
/// The layout is fixed: frames carry spans as they are.
public struct Span: Sendable, Equatable {
    /// Which sequence of the KV cache the tokens belong to.
    public var slot: Int32
    /// The absolute position of the first token.
    public var firstPosition: Int32
    /// How many tokens.
    public var count: Int32
    /// How many of the last rows want logits.
    public var logitRows: Int32
    /// Which adapter of the weights the rows are computed with.
    public var adapter: AdapterID

    /// The positions that its rows see, their own included, summed over the rows.
    public var positionsSeen: Int { Int(count) * Int(firstPosition) + Int(count) * (Int(count) + 1) / 2 }

    /// Those of the rows that want logits.
    public var logitPositions: Range<Int> {
        let end = Int(firstPosition + count)
        return end - Int(logitRows)..<end
    }

    public init(slot: Int, firstPosition: Int, count: Int, logitRows: Int, adapter: AdapterID = .none) {
        self.slot = Int32(slot)
        self.firstPosition = Int32(firstPosition)
        self.count = Int32(count)
        self.logitRows = Int32(logitRows)
        self.adapter = adapter
    }
}

/// The spans of a microbatch; their rows stand one after another in `[rows, hiddenSize]`.
public typealias Spans = UnsafeBufferPointer<Span>

extension UnsafeBufferPointer where Element == Span {
    public var rowCount: Int { reduce(0) { $0 + Int($1.count) } }
}
