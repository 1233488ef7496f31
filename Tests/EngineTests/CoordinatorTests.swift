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
            #expect(score.nll.allSatisfy { $0.map { $0 > 0 && $0.isFinite } ?? false })
        }
    }

    @Test("What the context does not hold is scored in windows, the second half of each")
    func scoresInWindows() throws {
        try withCoordinator(context: 16) { coordinator in
            let ids = Array(Self.prompt.prefix(41))
            let score = try coordinator.score(ids, bos: 1)
            #expect(score.ids == Array(ids[..<32]) && score.nll.count == 31 && score.argmax.count == 32)
            for first in [0, 16] {
                let window = try coordinator.score([1] + ids[first + 1..<first + 16])
                #expect(window.windows == nil)
                #expect(score.nll[first..<first + 8].allSatisfy { $0 == nil })
                #expect(Array(score.nll[first + 8..<first + 15]) == Array(window.nll[8...]))
                #expect(Array(score.argmax[first..<first + 16]) == window.argmax)
            }
            let counted = score.nll.compactMap(\.self)
            #expect(counted.count == 14 && score.meanNLL == counted.reduce(0, +) / 14)
            #expect(score.windows?.count == 2 && score.windows?.remainder == 9)
            #expect(try coordinator.score(Array(ids.prefix(16))).nll.allSatisfy { $0 != nil })
        }
    }

    @Test("Frequency and presence penalties look at the answer, the repetition penalty at the prompt too")
    func penaltiesLookAtTheAnswer() throws {
        try withCoordinator { coordinator in
            func ids(_ change: (inout SamplingParameters) -> Void) throws -> [TokenID] {
                var request = request(Self.prompt)
                change(&request.parameters)
                return try coordinator.generate(request).ids
            }
            let plain = try ids { _ in }
            let repeated = Self.prompt + [plain[0]]
            // What is sampled first follows no answer.
            #expect(try ids { $0.frequencyPenalty = 100 }[0] == plain[0])
            #expect(try ids { $0.presencePenalty = -100 }.dropFirst() == ArraySlice(repeatElement(plain[0], count: 7)))
            let fresh = try ids { $0.repeatPenalty = 100 }
            #expect(!repeated.dropLast().contains(fresh[0]))
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
