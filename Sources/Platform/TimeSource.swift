/// What time it is, and how to wait: the machine's clock, or one that a test moves on.
public protocol TimeSource: Sendable {
    /// The time since some moment that stays the same.
    var now: Duration { get }

    /// Returns when it is `time`, or throws where its task is cancelled before.
    func sleep(until time: Duration) async throws
}
