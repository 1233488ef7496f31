import Microbatches

/// What of a microbatch decides how long a stage takes.
public struct MicrobatchShape: Sendable, Equatable {
    public var rows: Int
    /// Positions that the rows attend to, summed up over the rows.
    public var attended: Int
    /// Positions of keys and values that are read: those of each sequence once.
    public var cached: Int
    public var logitRows: Int

    public init(rows: Int, attended: Int, cached: Int, logitRows: Int) {
        self.rows = rows
        self.attended = attended
        self.cached = cached
        self.logitRows = logitRows
    }

    public init(_ spans: some Sequence<Span>) {
        self.init(rows: 0, attended: 0, cached: 0, logitRows: 0)
        for span in spans {
            let (first, count) = (Int(span.firstPosition), Int(span.count))
            rows += count
            attended += count * first + count * (count + 1) / 2
            cached += first + count
            logitRows += Int(span.logitRows)
        }
    }

    /// One token of each of `sequences` sequences at `depth`.
    public static func decode(sequences: Int, depth: Int) -> MicrobatchShape {
        MicrobatchShape(rows: sequences, attended: sequences * depth, cached: sequences * depth, logitRows: sequences)
    }

    /// `rows` tokens of a prompt from position `first` on, the last of them `isLast` of the prompt.
    public static func prefill(rows: Int, from first: Int, isLast: Bool) -> MicrobatchShape {
        MicrobatchShape([Span(slot: 0, firstPosition: first, count: rows, logitRows: isLast ? 1 : 0)])
    }
}
