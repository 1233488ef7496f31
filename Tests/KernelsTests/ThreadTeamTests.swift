import Synchronization
import Testing

@testable import Kernels

@Suite struct ThreadTeamTests {
    @Test(arguments: [1, 2, 3, 8]) func everyWorkerRunsOnce(_ count: Int) throws {
        let team = try ThreadTeam(threadCount: count)
        let seen = Atomic<Int>(0)
        let outside = Atomic<Int>(0)
        for _ in 0..<200 {
            team.run { worker in
                seen.wrappingAdd(1 << (4 * worker.index), ordering: .relaxed)
                if worker.count != count { outside.wrappingAdd(1, ordering: .relaxed) }
            }
            // 200 runs overflow a nibble; compare and clear after each.
            #expect(seen.exchange(0, ordering: .relaxed) == (0..<count).reduce(0) { $0 | 1 << (4 * $1) })
        }
        #expect(outside.load(ordering: .relaxed) == 0)
    }

    /// Also with more threads than cores: 8 threads must not wait for each other for ever.
    @Test(arguments: [1, 2, 8]) func barriersOrderWrites(_ count: Int) throws {
        let team = try ThreadTeam(threadCount: count)
        let values = UnsafeMutablePointer<Int>.allocate(capacity: count)
        values.initialize(repeating: 0, count: count)
        defer { values.deallocate() }
        nonisolated(unsafe) let shared = values
        let wrong = Atomic<Int>(0)
        team.run { worker in
            for round in 1...500 {
                shared[worker.index] = round
                worker.meet()
                for other in 0..<count where shared[other] != round { wrong.wrappingAdd(1, ordering: .relaxed) }
                worker.meet()
            }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
    }

    /// Who has arrived may go on, and sees what the others wrote once it has waited.
    @Test(arguments: [1, 2, 8]) func arrivalAndWaitingAreApart(_ count: Int) throws {
        let team = try ThreadTeam(threadCount: count)
        let values = UnsafeMutablePointer<Int>.allocate(capacity: count)
        values.initialize(repeating: 0, count: count)
        defer { values.deallocate() }
        nonisolated(unsafe) let shared = values
        let wrong = Atomic<Int>(0)
        let between = Atomic<Int>(0)
        team.run { worker in
            for round in 1...500 {
                shared[worker.index] = round
                let arrival = worker.arrive()
                between.wrappingAdd(1, ordering: .relaxed)
                arrival.wait()
                for other in 0..<count where shared[other] != round { wrong.wrappingAdd(1, ordering: .relaxed) }
                worker.meet()
            }
        }
        #expect(wrong.load(ordering: .relaxed) == 0 && between.load(ordering: .relaxed) == 500 * count)
    }

    @Test func sharesCoverEverything() throws {
        let team = try ThreadTeam(threadCount: 3)
        for total in [0, 1, 2, 3, 10, 100] {
            let sum = Atomic<Int>(0)
            team.run { worker in
                let share = worker.share(of: total)
                for i in share { sum.wrappingAdd(i + 1, ordering: .relaxed) }
                if share.count > total / 3 + 1 { sum.wrappingAdd(1 << 30, ordering: .relaxed) }
            }
            #expect(sum.load(ordering: .relaxed) == total * (total + 1) / 2)
        }
    }

    @Test func sleepingTeamWakes() async throws {
        let team = try ThreadTeam(threadCount: 2)
        for _ in 0..<5 {
            try await Task.sleep(for: .milliseconds(20))
            let sum = Atomic<Int>(0)
            team.run { worker in sum.wrappingAdd(worker.index + 1, ordering: .relaxed) }
            #expect(sum.load(ordering: .relaxed) == 3)
        }
    }

    @Test func refusesNoThreads() {
        #expect(throws: ThreadTeamError.self) { try ThreadTeam(threadCount: 0) }
    }
}

@Suite struct InstructionSetTests {
    @Test func namesAreChecked() throws {
        #expect(try InstructionSet.named("portable") == .portable)
        #expect(throws: InstructionSetError.unknown("sse9")) { try InstructionSet.named("sse9") }
        for set in InstructionSet.allCases where !InstructionSet.available.contains(set) {
            #expect(throws: InstructionSetError.unavailable(set)) { try InstructionSet.named(set.rawValue) }
        }
        #expect(InstructionSet.available.contains(.best))
    }
}
