import Synchronization

/// What the threads of a team share. They keep it alive; it knows no thread.
final class TeamState: @unchecked Sendable {
    let count: Int
    let barrier: TeamBarrier

    private let gate: TeamGate
    /// Runs started so far: a new value is the workers' signal to begin, all ones to leave.
    private let runs = Atomic<UInt64>(0)
    private var body: ((borrowing Worker) -> Void)?

    private static let stopped = UInt64.max

    init(count: Int, crowded: Bool) {
        self.count = count
        gate = TeamGate(crowded: crowded)
        barrier = TeamBarrier(count: count, gate: gate)
    }

    func begin(_ body: @escaping (borrowing Worker) -> Void) {
        self.body = body
        runs.wrappingAdd(1, ordering: .sequentiallyConsistent)
        gate.open()
    }

    /// Waits for the workers of this run.
    func end() {
        barrier.wait()
        body = nil
    }

    func stop() {
        runs.store(Self.stopped, ordering: .sequentiallyConsistent)
        gate.open()
    }

    func work(index: Int) {
        var seen: UInt64 = 0
        while true {
            gate.wait { runs.load(ordering: .acquiring) != seen }
            seen += 1
            if runs.load(ordering: .acquiring) == Self.stopped { return }
            body!(Worker(index: index, count: count, barrier: barrier))
            barrier.wait()
        }
    }
}
