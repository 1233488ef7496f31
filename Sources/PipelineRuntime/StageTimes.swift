import Glibc

/// Where a stage's time went since it was last asked. The layout is fixed: a measure frame carries it.
public struct StageTimes: Sendable, Equatable, BitwiseCopyable {
    /// Seconds in layers, and on rank 0 in embedding and head too.
    public internal(set) var compute = 0.0
    /// Seconds of waiting for a frame.
    public internal(set) var wait = 0.0
    /// Seconds of handing frames to the link.
    public internal(set) var send = 0.0

    public init() {}
}

/// Measures one stretch after the other.
struct Stopwatch {
    private var start = now

    /// Seconds since the last lap, or since the start.
    mutating func lap() -> Double {
        let now = Self.now
        defer { start = now }
        return Double(now - start) * 1e-9
    }

    /// Nanoseconds of a clock that only goes forward.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
