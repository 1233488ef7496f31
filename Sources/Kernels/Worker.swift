/// One thread's place in a running team.
public struct Worker: ~Copyable {
    public let index: Int
    public let count: Int
    private unowned(unsafe) let barrier: TeamBarrier

    init(index: Int, count: Int, barrier: TeamBarrier) {
        self.index = index
        self.count = count
        self.barrier = barrier
    }

    /// Whether this is the thread that called ``ThreadTeam/run(_:)``.
    public var isCaller: Bool { index == 0 }

    /// Waits until every worker is here; what they wrote before it is then visible to all.
    public borrowing func meet() {
        if count > 1 { barrier.wait() }
    }

    /// Says that this worker is here, and lets it go on with what needs none of the others until it waits for them.
    public borrowing func arrive() -> Arrival { Arrival(count > 1 ? barrier.arrive() : nil, at: barrier) }

    /// This worker's part of `0..<total`: contiguous, sizes differing by at most one.
    public borrowing func share(of total: Int) -> Range<Int> {
        total * index / count..<total * (index + 1) / count
    }
}

/// A worker that has come to a meeting and has not yet waited for the others. It waits before it comes to the next one.
public struct Arrival: ~Copyable {
    /// nil: there are no others.
    private let meeting: UInt32?
    private unowned(unsafe) let barrier: TeamBarrier

    init(_ meeting: UInt32?, at barrier: TeamBarrier) {
        self.meeting = meeting
        self.barrier = barrier
    }

    deinit { precondition(meeting == nil, "a worker left a meeting without waiting for the others") }

    /// Waits until every worker is here; what they wrote before they came is then visible to all.
    public consuming func wait() {
        if let meeting { barrier.wait(for: meeting) }
        discard self
    }
}
