import Microbatches
import Scheduling
import Testing

@testable import Planning

@Suite struct SimulationTests {
    /// Stages that take a second for each microbatch, whatever is in it, and links that take no time.
    private static func simulation(
        stages: Int, microbatches: Int? = nil, slots: Int, chunk: Int = 16, link: LinkProfile = instant
    ) -> PipelineSimulation {
        let stage = StageCost(seconds: 1)
        return PipelineSimulation(
            Array(repeating: stage, count: stages), edges: Array(repeating: link, count: stages), costs: costs,
            limits: SchedulerLimits(
                capacity: KVCapacity(slotCount: slots, contextLength: 4096), rowCapacity: chunk, stageCount: stages,
                microbatches: microbatches))
    }

    private static let instant = LinkProfile(delay: 0, bandwidth: .infinity)
    static let costs = CostModel(ModelShape(known: "tinyllama-1.1b", type: .q4_0)!, rowCapacity: 16)

    @Test(
        "A prompt in m chunks keeps p stages busy m/(m+p-1) of the time", arguments: [1, 2, 3, 8, 64, 1000], [1, 4, 50])
    func prefill(stages: Int, chunks: Int) {
        var run = Self.simulation(stages: stages, slots: 1)
        let outcome = run.prefill([SimulatedRequest(promptTokens: 16 * chunks, generateTokens: 2)])
        #expect(outcome.microbatches == chunks)
        #expect(abs(outcome.seconds - Double(chunks + stages - 1)) < 1e-9)
        let share = Double(chunks) / Double(chunks + stages - 1)
        #expect(outcome.utilization.allSatisfy { abs($0 - share) < 1e-9 })
        #expect(abs(outcome.bubble - (1 - share)) < 1e-9)
    }

    @Test("Many prompts that come at once keep the stages as busy as one long prompt", arguments: [2, 4, 8])
    func prompts(stages: Int) {
        var run = Self.simulation(stages: stages, slots: 32)
        let request = SimulatedRequest(promptTokens: 16, generateTokens: 2)
        let outcome = run.prefill(Array(repeating: request, count: 32))
        #expect(outcome.microbatches == 32)
        #expect(abs(outcome.seconds - Double(32 + stages - 1)) < 1e-9)
    }

    @Test(
        "m microbatches of decode keep p stages busy min(m,p)/p of the time", arguments: [1, 2, 8, 64], [1, 2, 8, 70])
    func decode(stages: Int, microbatches: Int) {
        var run = Self.simulation(stages: stages, microbatches: microbatches, slots: 2 * microbatches)
        let request = SimulatedRequest(promptTokens: 1, generateTokens: 401)
        _ = run.prefill(Array(repeating: request, count: 2 * microbatches))
        let outcome = run.decode(on: Array(repeating: StageCost(seconds: 1), count: stages))
        #expect(outcome.generatedTokens == 2 * microbatches * 400)
        let share = Double(min(microbatches, stages)) / Double(stages)
        // Filling and draining the pipeline is not steady.
        #expect(outcome.utilization.allSatisfy { abs($0 - share) < 0.02 * share + Double(stages) / 400 / 20 })
    }

    @Test("A link's delay and bytes are waited for once a round, and its bytes by the next microbatch too")
    func links() {
        let bytes = Self.costs.frameBytes(rows: 1)
        let link = LinkProfile(delay: 3, bandwidth: Double(bytes) / 2)
        var run = Self.simulation(stages: 2, microbatches: 1, slots: 1, link: link)
        _ = run.prefill([SimulatedRequest(promptTokens: 1, generateTokens: 11)])
        let outcome = run.decode(on: Array(repeating: StageCost(seconds: 1), count: 2))
        // Two stages of 1, two edges of 3 + 2.
        #expect(outcome.interTokenSeconds.allSatisfy { abs($0 - 12) < 1e-9 } && outcome.interTokenSeconds.count == 10)
        #expect(outcome.edgeBusy.allSatisfy { abs($0 - 20) < 1e-9 })
    }

    @Test("Requests wait until they arrive, and for a slot")
    func arrivals() {
        var run = Self.simulation(stages: 1, slots: 1)
        let outcome = run.run([
            SimulatedRequest(arrival: 0, promptTokens: 16, generateTokens: 3),
            SimulatedRequest(arrival: 1, promptTokens: 16, generateTokens: 3),
            SimulatedRequest(arrival: 100, promptTokens: 16, generateTokens: 1),
        ])
        // The second waits for the three steps of the first.
        #expect(outcome.timesToFirstToken == [1, 3, 1])
        #expect(outcome.seconds == 101 && outcome.generatedTokens == 7 && outcome.busy == [7])
    }

    @Test("Thousands of stages and many requests end, with every token")
    func scale() {
        var run = Self.simulation(stages: 2000, slots: 64, chunk: 64)
        let requests = (0..<100).map {
            SimulatedRequest(arrival: Double($0), promptTokens: 40, generateTokens: 5)
        }
        let outcome = run.run(requests)
        #expect(
            outcome.generatedTokens == 500 && outcome.promptTokens == 4000 && outcome.timesToFirstToken.count == 100)
        #expect(outcome.timesToFirstToken.allSatisfy { $0 >= 2000 })
    }
}

extension StageCost {
    init(seconds: Double) {
        self.init(
            layerCount: 1, layers: RowCurve([.init(rows: 1, seconds: seconds)]), secondsPerAttended: 0,
            secondsPerCached: 0, head: nil, readSeconds: 0, headReadSeconds: 0)
    }
}
