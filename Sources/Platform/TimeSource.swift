/// A clock that one can also wait by: the machine's, or one that a test moves on.
public protocol TimeSource: RunClock, Sendable {
    /// Returns when it is `time`, or throws where its task is cancelled before.
    func sleep(until time: Duration) async throws
}

extension TimeSource {
    /// The time since some moment that stays the same.
    public var now: Duration { .nanoseconds(nanoseconds) }
}
