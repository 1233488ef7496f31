import Ring

/// A trace in the form that Perfetto and chrome://tracing open (Trace Event Format, JSON): a process for each rank,
/// whose events lie on one line, and arrows that follow a microbatch from rank to rank.
public struct TraceFile {
    private var text: TraceText
    private let rankCount: Int
    /// Rank 0's clock at the beginning, in nanoseconds.
    private let origin: Int64
    private var isFirst = true
    private var rank = 0
    private var clock: ClockMap

    /// - Parameters:
    ///   - origin: Rank 0's clock at the beginning, in nanoseconds.
    ///   - output: Takes the file's bytes in their order.
    public init(rankCount: Int, origin: Int64, output: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        clock = .ownClock(from: origin)
        text = TraceText(output)
        self.rankCount = rankCount
        self.origin = origin
        text.append(#"{"traceEvents":["#)
    }

    /// From here on events are of `rank`, which is called `name`.
    public mutating func begin(_ rank: Int, name: String, clock: ClockMap) throws {
        self.rank = rank
        self.clock = clock
        try beginEvent(#"{"name":"process_name","ph":"M","pid":"#)
        text.append(rank)
        text.append(#","tid":0,"args":{"name":"#)
        text.append(quoted: name)
        text.append("}}")
        try beginEvent(#"{"name":"process_sort_index","ph":"M","pid":"#)
        text.append(rank)
        text.append(#","tid":0,"args":{"sort_index":"#)
        text.append(rank)
        text.append("}}")
    }

    public mutating func write(_ event: TraceEvent) throws {
        guard let activity = event.activity else { return }
        // What was done without rows is not worth looking at.
        if event.rows == 0, activity != .wait { return }
        let start = clock.rankZeroTime(of: event.start) - origin
        // A viewer may cut times off to whole nanoseconds; events must not overlap for it.
        let duration = max(1, event.end - event.start - 1)
        try beginEvent(#"{"name":""#)
        text.append(activity.name)
        text.append(#"","cat":"stage","ph":"X","ts":"#)
        text.append(microseconds: start)
        text.append(#","dur":"#)
        text.append(microseconds: duration)
        text.append(#","pid":"#)
        text.append(rank)
        text.append(#","tid":0,"args":{"#)
        if event.rows > 0 {
            text.append(#""microbatch":"#)
            text.append(event.microbatch)
            text.append(#","rows":"#)
            text.append(event.rows)
            text.append(",")
        }
        text.append(#""phase":"#)
        text.append(event.phase)
        text.append("}}")
        guard rankCount > 1 else { return }
        let previous = (rank + rankCount - 1) % rankCount
        switch activity {
        case .send: try writeArrow("s", of: event.microbatch, from: rank, at: start)
        case .compute where rank > 0: try writeArrow("f", of: event.microbatch, from: previous, at: start)
        case .wait where rank == 0 && event.rows > 0:
            try writeArrow("f", of: event.microbatch, from: previous, at: start + duration - 1)
        default: break
        }
    }

    public mutating func write(_ mark: TraceMark) throws {
        try beginEvent(#"{"name":"#)
        text.append(quoted: mark.name)
        text.append(#","cat":"mark","ph":"i","s":"g","ts":"#)
        text.append(microseconds: clock.rankZeroTime(of: mark.time) - origin)
        text.append(#","pid":0,"tid":0,"args":{"phase":"#)
        text.append(mark.phase)
        for (key, value) in mark.details.sorted(by: { $0.key < $1.key }) {
            text.append(",")
            text.append(quoted: key)
            text.append(":")
            text.append(value)
        }
        text.append("}}")
    }

    /// Writes what is left, and the object that tells of the trace itself.
    public mutating func finish(_ metadata: TraceMetadata) throws {
        text.append("\n],\"metadata\":")
        metadata.write(to: &text)
        text.append("}\n")
        try text.flush(isLast: true)
    }

    /// One end of the arrow that follows a microbatch from rank `sender` to the next.
    private mutating func writeArrow(
        _ end: StaticString, of microbatch: UInt64, from sender: Int, at time: Int64
    ) throws {
        try beginEvent(#"{"name":"microbatch","cat":"flow","ph":""#)
        text.append(end)
        text.append(#"","bp":"e","id":"#)
        text.append(microbatch * UInt64(rankCount) + UInt64(sender))
        text.append(#","ts":"#)
        text.append(microseconds: time)
        text.append(#","pid":"#)
        text.append(rank)
        text.append(#","tid":0}"#)
    }

    private mutating func beginEvent(_ start: StaticString) throws {
        try text.flush()
        text.append(isFirst ? "\n" : ",\n")
        text.append(start)
        isFirst = false
    }
}

extension Activity {
    fileprivate var name: StaticString {
        switch self {
        case .wait: "wait"
        case .compute: "compute"
        case .send: "send"
        case .embed: "embed"
        case .head: "head"
        case .sample: "sample"
        }
    }
}
