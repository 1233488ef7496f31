import Requests
import Sampling
import TestSupport
import Testing
import Tokenization

@testable import Engine

/// The coordinator in one process, on the small Llama 2.
@Suite("The coordinator")
struct CoordinatorTests {
    private static let prompt: [TokenID] = (0..<70).map { 3 + $0 * 7 % 500 }

    private func withCoordinator(
        context: Int? = nil, _ body: (Coordinator) throws -> Void
    ) throws {
        var configuration = JobConfiguration(modelPath: TestFiles.fixture("llama2/llama2-f32.gguf"))
        configuration.context = context
        configuration.threads = 1
        try Job.run(configuration, observer: SilentObserver()) { _, _ in
        } coordinate: { coordinator, _, _ in
            try body(coordinator)
        }
    }

    private func request(_ ids: [TokenID], maxTokens: Int = 8) -> GenerationRequest {
        GenerationRequest(
            promptIDs: ids, maxTokens: maxTokens, parameters: SamplingParameters(), seed: 0, ignoresEndTokens: true)
    }

    @Test("However many tokens are asked for, the context ends the text")
    func endlessRequest() throws {
        try withCoordinator(context: 80) { coordinator in
            let result = try coordinator.generate(request(Self.prompt, maxTokens: .max))
            #expect(result.ids.count == 11)
            #expect(result.stopReason == .length)
        }
    }

    @Test("What the KV cache holds is not computed again and changes nothing")
    func reuse() throws {
        try withCoordinator { coordinator in
            let first = try coordinator.generate(request(Self.prompt), hashesLogits: true)
            #expect(first.timings.prefillTokens == 70)
            let again = try coordinator.generate(request(Self.prompt), hashesLogits: true)
            #expect(again.timings.prefillTokens == 1)
            #expect(again.ids == first.ids)
            #expect(again.logitsHash == first.logitsHash)

            let branch = Self.prompt[..<40] + [17, 18]
            let warm = try coordinator.generate(request(Array(branch)), hashesLogits: true)
            #expect(warm.timings.prefillTokens == 2)
            var fresh = request(Array(branch))
            fresh.reusesPrefix = false
            let cold = try coordinator.generate(fresh, hashesLogits: true)
            #expect(cold.timings.prefillTokens == 42)
            #expect(cold.logitsHash == warm.logitsHash)
        }
    }

    @Test("Scores agree with greedy generation")
    func scores() throws {
        try withCoordinator { coordinator in
            let generated = try coordinator.generate(request(Self.prompt))
            let score = try coordinator.score(Self.prompt + generated.ids)
            #expect(Array(score.argmax[69..<77]) == generated.ids)
            #expect(score.nll.count == 77)
            #expect(score.nll.allSatisfy { $0 > 0 && $0.isFinite })
        }
    }

    @Test("The context bounds a sequence")
    func contextLimit() throws {
        try withCoordinator(context: 72) { coordinator in
            let result = try coordinator.generate(request(Self.prompt, maxTokens: 100))
            #expect(result.ids.count == 3)
            #expect(result.stopReason == .length)
            #expect(throws: EngineError.self) { try coordinator.generate(request(Self.prompt + [3, 4, 5])) }
            #expect(throws: EngineError.self) { try coordinator.generate(request([])) }
            #expect(throws: EngineError.self) { try coordinator.generate(request([-1])) }
        }
    }

    @Test("Sampling depends on the seed and on nothing else")
    func seeds() throws {
        try withCoordinator { coordinator in
            var request = request(Self.prompt, maxTokens: 16)
            request.parameters.temperature = 1
            let first = try coordinator.generate(request)
            #expect(try coordinator.generate(request).ids == first.ids)
            request.seed = 1
            #expect(try coordinator.generate(request).ids != first.ids)
        }
    }
}

final class SilentObserver: JobObserver {
    func delivered(_ bytes: Int, of total: Int) {}
    func finishedDelivering() {}
    func loaded(_ bytes: Int, of total: Int) {}
    func finishedLoading() {}
    func failed(_ message: String) { Issue.record("\(message)") }
}
