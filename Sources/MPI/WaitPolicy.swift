/// How a rank waits: it polls and yields its core for a while, then sleeps between polls.
///
/// Yielding matters where ranks share cores, and TCP needs it even where they do not: packets of a core that spins
/// without yielding wait for the scheduler's tick. Naps last an eighth of the time waited so far, up to the longest:
/// a wait takes at most an eighth longer for them.
public struct WaitPolicy: Equatable, Sendable {
    /// How long to poll and yield before the first nap; nil for ever.
    public var yieldTime: Duration?
    public var shortestNap: Duration
    public var longestNap: Duration

    public init(
        yieldTime: Duration?, shortestNap: Duration = .microseconds(50), longestNap: Duration = .milliseconds(6)
    ) {
        self.yieldTime = yieldTime
        self.shortestNap = shortestNap
        self.longestNap = longestNap
    }

    /// Never sleeps: for ranks that wait while sequences run.
    public static let yielding = WaitPolicy(yieldTime: nil)

    /// Yields for 2 ms, then sleeps up to 6 ms at a time, for ranks that may wait long: under 1 % of a core.
    /// A bare nap costs a virtual machine 25 to 60 us, and the poll 20 us more: naps of 4 ms took up to 1.5 %.
    public static let idle = WaitPolicy(yieldTime: .milliseconds(2))

    /// Sleeps at once and for a millisecond or more: for many ranks on few cores.
    public static let sleeping = WaitPolicy(
        yieldTime: .zero, shortestNap: .milliseconds(1), longestNap: .milliseconds(4))
}
