import Glibc

/// What time it is, and how to wait: the machine's clock, or one that a test moves on.
public protocol TimeSource: Sendable {
    /// The time since some moment that stays the same.
    var now: Duration { get }

    /// Returns when it is `time`, or throws where its task is cancelled before.
    func sleep(until time: Duration) async throws
}

/// The machine's clock, which only goes forward.
public struct MachineTime: TimeSource {
    public init() {}

    /// Nanoseconds since some moment before this process began; the same for all processes of the machine.
    public static var nanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    public var now: Duration { .nanoseconds(Self.nanoseconds) }

    public func sleep(until time: Duration) async throws {
        // The clock that is CLOCK_MONOTONIC too.
        try await Task.sleep(for: time - now, clock: .suspending)
    }
}

extension Duration {
    /// The duration as a number of seconds.
    public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
