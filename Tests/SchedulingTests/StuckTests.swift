import Microbatches
import Testing

@testable import Scheduling

@Suite("Sequences that were once lost")
struct StuckTests {
    @Test("Equal prompts computed together exchange their blocks; when they end, the next one still gets its turn")
    func manyOperations() {
        let capacity = KVCapacity(slotCount: 2, contextLength: 1024)
        var scheduler = Scheduler(SchedulerLimits(capacity: capacity, rowCapacity: 2000, stageCount: 1))
        let prompt = (0..<700).map { Int32($0) }
        let ids = (0..<3).map { _ in scheduler.add(SequenceRequest(tokens: prompt)) }
        let rows = scheduler.nextRowCount()
        #expect(rows == 1400)
        for id in ids[..<2] { scheduler.end(id) }
        let next = scheduler.nextRowCount()
        #expect(next != nil)
    }

    @Test("A token that comes while its sequence is computed anew goes to the end of what is to be computed")
    func heldAndPreempted() {
        var capacity = KVCapacity(slotCount: 2, contextLength: 192)
        capacity.blockCount = 4
        var scheduler = Scheduler(SchedulerLimits(capacity: capacity, rowCapacity: 30, stageCount: 1))
        let old = scheduler.add(SequenceRequest(tokens: Array(repeating: 1, count: 60), reusesPrefix: false))
        let young = scheduler.add(SequenceRequest(tokens: Array(repeating: 2, count: 100), reusesPrefix: false))
        while scheduler.nextRowCount() != nil {}
        // The old one takes the memory of the young one, whose owner has not answered yet.
        for _ in 0..<70 {
            scheduler.append(1, to: old)
            let rows = scheduler.nextRowCount()
            #expect(rows == 1)
        }
        #expect(scheduler.preemptionCount == 1 && scheduler.waitingCount == 1)
        scheduler.end(old)
        let first = scheduler.nextRowCount()
        #expect(first == 30)
        scheduler.append(2, to: young)
        let counts = (0..<3).map { _ in scheduler.nextRowCount() }
        #expect(counts == [30, 30, 11])
        let rest = scheduler.nextRowCount()
        #expect(rest == nil && scheduler.ready.isEmpty)
    }
}

extension Scheduler {
    /// Sends a microbatch, which comes back at once; its rows, or nil where there is none.
    mutating func nextRowCount() -> Int? {
        guard schedule() != nil else { return nil }
        return returned().rowCount
    }
}
