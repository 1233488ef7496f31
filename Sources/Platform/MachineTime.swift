import Glibc

/// The machine's clock, which only goes forward.
public struct MachineTime: TimeSource {
    public init() {}

    /// Nanoseconds since some moment before this process began; the same for all processes of the machine.
    public static var nanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    public var nanoseconds: Int64 { Self.nanoseconds }

    public func sleep(until time: Duration) async throws {
        // The clock that is CLOCK_MONOTONIC too.
        try await Task.sleep(for: time - now, clock: .suspending)
    }
}
