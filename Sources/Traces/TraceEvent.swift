import Ring

/// One stretch of a rank's time. The layout is fixed: ranks hand their events to rank 0 as they are.
public struct TraceEvent: Sendable, Equatable, BitwiseCopyable {
    /// Nanoseconds of the rank's own clock; see ``ClockMap``.
    public var start: Int64
    public var end: Int64
    public var microbatch: UInt64
    private var activityNumber: UInt32
    /// Rows of hidden states.
    public var rows: UInt32
    /// How often the sums of `bench` were taken before; see ``TraceMark``.
    public var phase: UInt32
    private var reserved: UInt32 = 0

    init(_ activity: Activity, start: Int64, end: Int64, microbatch: UInt64, rows: Int, phase: UInt32) {
        activityNumber = activity.rawValue
        self.start = start
        self.end = end
        self.microbatch = microbatch
        self.rows = UInt32(clamping: rows)
        self.phase = phase
    }

    /// What the rank did; nil when the bytes are no event of this version.
    public var activity: Activity? { Activity(rawValue: activityNumber) }
}
