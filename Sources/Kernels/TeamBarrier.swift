import Synchronization

/// A meeting point that the same threads use again and again. Coming and waiting are apart: who has come may do something of
/// its own before it waits for the others.
final class TeamBarrier: @unchecked Sendable {
    private let arrived = Atomic<UInt32>(0)
    private let round = Atomic<UInt32>(0)
    private let count: UInt32
    private let gate: TeamGate

    init(count: Int, gate: TeamGate) {
        self.count = UInt32(count)
        self.gate = gate
    }

    /// Comes, and returns which meeting it is.
    @inline(__always)
    func arrive() -> UInt32 {
        let current = round.load(ordering: .relaxed)
        if arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == count {
            arrived.store(0, ordering: .relaxed)
            round.store(current &+ 1, ordering: .sequentiallyConsistent)
            gate.open()
        }
        return current
    }

    /// Waits until all have come to that meeting. What they wrote before is then visible.
    @inline(__always)
    func wait(for meeting: UInt32) {
        gate.wait { round.load(ordering: .acquiring) != meeting }
    }

    @inline(__always)
    func wait() { wait(for: arrive()) }
}
