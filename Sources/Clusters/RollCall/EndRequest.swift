import Synchronization

/// Somebody's wish that a run ends before it has begun; from any thread.
public final class EndRequest: Sendable {
    private let isMadeAlready = Atomic(false)

    public init() {}

    public func make() { isMadeAlready.store(true, ordering: .relaxed) }

    public var isMade: Bool { isMadeAlready.load(ordering: .relaxed) }
}
