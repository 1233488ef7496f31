import Testing

@testable import Scheduling

@Suite("Scheduling of random work")
struct SimulationTests {
    @Test("Every row finds the keys and values of its own sequence, everything ends, and all blocks come back")
    func simulation() throws {
        var preemptions = 0
        for seed in 0..<300 {
            var run = SimulatedRun(SimulatedWork(seed: seed))
            do {
                try run.run()
            } catch {
                Issue.record("seed \(seed), step \(run.stepCount): \(error)")
            }
            preemptions += run.scheduler.preemptionCount
        }
        // Otherwise the simulation would not see what it is meant to see.
        #expect(preemptions > 300)
    }
}
