import Glibc
import Platform

/// One wait under a ``WaitPolicy``: call ``pause()`` after every poll that found nothing.
///
/// Loops that poll several things at once, such as requests and a mailbox, use it as the waits of this module do.
public struct Backoff: Sendable {
    private let yieldTime: Int64
    private let shortestNap: Int64
    private let longestNap: Int64
    private let deadline: Int64
    private var start: Int64

    /// - Parameter timeout: after this time `pause` gives false; nil for never.
    public init(_ policy: WaitPolicy, timeout: Duration? = nil) {
        let start = MachineTime.nanoseconds
        self.start = start
        yieldTime = policy.yieldTime?.nanoseconds ?? .max
        shortestNap = max(policy.shortestNap.nanoseconds, Backoff.slack)
        longestNap = max(policy.longestNap.nanoseconds, shortestNap)
        let (end, isTooLong) = start.addingReportingOverflow(timeout?.nanoseconds ?? .max)
        deadline = isTooLong ? .max : end
    }

    /// Yields or sleeps; false when the time allowed is over.
    public mutating func pause() -> Bool {
        if yieldTime == .max && deadline == .max {
            sched_yield()
            return true
        }
        let now = MachineTime.nanoseconds
        if now >= deadline { return false }
        let waited = now - start
        if waited < yieldTime {
            sched_yield()
        } else {
            Backoff.sleep(min(max(waited / 8, shortestNap), longestNap, deadline - now))
        }
        return true
    }

    /// Begins again with yielding, since something happened. The deadline stays.
    public mutating func reset() { start = MachineTime.nanoseconds }

    /// The kernel's own: shorter naps last as long.
    private static let slack: Int64 = 50_000

    private static func sleep(_ nanoseconds: Int64) {
        var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        nanosleep(&time, nil)  // a signal that ends the nap early does no harm: the caller polls again
    }
}

extension Duration {
    /// Whole nanoseconds, at least 0; what does not fit is the largest.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if isTooLong { return seconds < 0 ? 0 : .max }
        let (sum, overflow) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow ? .max : max(sum, 0)
    }
}
