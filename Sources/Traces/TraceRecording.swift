import Ring

/// What a rank did, as it was kept: the newest events, and the names that were given to moments.
///
/// Whoever has the value is the only one: nobody adds to what is read.
public struct TraceRecording: ~Copyable, @unchecked Sendable {
    /// Rank 0's.
    public private(set) var marks: [TraceMark] = []

    private let events: UnsafeMutableBufferPointer<TraceEvent>
    private var notedCount = 0

    init(capacity: Int) {
        precondition(capacity > 0)
        events = .allocate(capacity: capacity)
    }

    deinit { events.deallocate() }

    /// Events that are kept.
    public var count: Int { min(notedCount, events.count) }
    /// Older ones that had to make room.
    public var droppedCount: Int { max(0, notedCount - events.count) }

    mutating func append(_ event: TraceEvent) {
        events[notedCount % events.count] = event
        notedCount += 1
    }

    mutating func append(_ mark: TraceMark) { marks.append(mark) }

    /// Calls `body` with the events, the oldest first, in pieces that lie side by side.
    public func forEachPiece<Failure: Error>(
        of length: Int, _ body: (UnsafeBufferPointer<TraceEvent>) throws(Failure) -> Void
    ) throws(Failure) {
        let oldest = droppedCount % events.count
        for half in [oldest..<count, 0..<oldest] {
            for first in stride(from: half.lowerBound, to: half.upperBound, by: length) {
                let end = min(first + length, half.upperBound)
                try body(UnsafeBufferPointer(rebasing: events[first..<end]))
            }
        }
    }
}
