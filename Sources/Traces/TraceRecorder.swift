import Ring
import Synchronization

/// Keeps what a rank did, for a trace: the newest events, in memory reserved beforehand, so that noting one costs a lock
/// that nobody else wants and the time to write 40 bytes.
///
/// Pages cost nothing until they are written. The thread that runs the stage notes events; any thread may end the recording
/// and read it, as happens when the process is about to end. What is noted later is lost.
public final class TraceRecorder: StageObserver, Sendable {
    /// What is kept of a rank: five hours of tokens at ten a second.
    public static let defaultCapacity = 1 << 20

    private struct State: ~Copyable {
        var phase: UInt32 = 0
        /// nil: the recording has ended.
        var recording: TraceRecording?
    }

    private let state: Mutex<State>

    public init(capacity: Int = defaultCapacity) {
        state = Mutex(State(recording: TraceRecording(capacity: capacity)))
    }

    public var phase: UInt32 { state.withLock { $0.phase } }

    public func note(_ activity: Activity, start: Int64, end: Int64, microbatch: UInt64, rows: Int) {
        state.withLock { state in
            let event = TraceEvent(
                activity, start: start, end: end, microbatch: microbatch, rows: rows, phase: state.phase)
            state.recording?.append(event)
        }
    }

    public func beginPhase() { state.withLock { $0.phase += 1 } }

    public func mark(_ name: String, at time: Int64, _ details: [String: Int]) {
        state.withLock { state in
            state.recording?.append(TraceMark(name: name, time: time, phase: Int(state.phase), details: details))
        }
    }

    /// Ends the recording and hands it out; nil where that was done before.
    public func finish() -> TraceRecording? { state.withLock { $0.recording.take() } }
}
