import Glibc

/// The machine's clock, which goes on while a process is stopped and is the same in all processes of a machine.
public final class MachineClock: RunClock, Sendable {
    public init() {}

    public var now: Int64 { Self.now }

    /// Nanoseconds since the machine was started.
    public static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Sleeps until ``now`` is `time`, or a signal comes.
    public static func sleep(until time: Int64) {
        var end = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nil)
    }
}
