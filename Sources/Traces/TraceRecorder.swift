import Ring
import Synchronization

/// Keeps what a rank did, for a trace: the newest events, in memory reserved beforehand, so that noting one costs the
/// time to write 40 bytes.
///
/// Pages cost nothing until they are written. The thread that runs the stage notes events; another may read them when
/// the process is about to end.
public final class TraceRecorder: StageObserver, @unchecked Sendable {
    /// What is kept of a rank: five hours of tokens at ten a second.
    public static let defaultCapacity = 1 << 20

    /// How often the sums of times were taken.
    public private(set) var phase: UInt32 = 0
    /// Rank 0's.
    public private(set) var marks: [TraceMark] = []

    private let events: UnsafeMutableBufferPointer<TraceEvent>
    private let notedCount = Atomic(0)

    public init(capacity: Int = defaultCapacity) {
        precondition(capacity > 0)
        events = .allocate(capacity: capacity)
    }

    deinit { events.deallocate() }

    /// Events that are kept.
    public var count: Int { min(notedCount.load(ordering: .acquiring), events.count) }
    /// Older ones that had to make room.
    public var droppedCount: Int { max(0, notedCount.load(ordering: .acquiring) - events.count) }

    func note(_ event: TraceEvent) {
        let index = notedCount.load(ordering: .relaxed)
        events[index % events.count] = event
        notedCount.store(index + 1, ordering: .releasing)
    }

    public func note(_ activity: Activity, start: Int64, end: Int64, microbatch: UInt64, rows: Int) {
        note(TraceEvent(activity, start: start, end: end, microbatch: microbatch, rows: rows, phase: phase))
    }

    public func beginPhase() { phase += 1 }

    public func mark(_ name: String, at time: Int64, _ details: [String: Int]) {
        marks.append(TraceMark(name: name, time: time, phase: Int(phase), details: details))
    }

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
