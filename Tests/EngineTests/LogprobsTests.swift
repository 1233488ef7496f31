import Foundation
import Requests
import Sampling
import Testing
import Tokenization

@testable import Engine

/// What is told of tokens beside the tokens: log-probabilities, choices, and what the engine does.
@Suite("Log-probabilities, choices and status")
struct LogprobsTests {
    /// Six of nearly the same length, so that they outgrow their two blocks together, long after the last
    /// of those that run began.
    private static let prompts = (0..<6).map { index -> [TokenID] in
        let count = 66 + 2 * index
        return (0..<count).map { position in TokenID(3 + (position * 7 + index) % 500) }
    }

    private static func request(_ ids: [TokenID], maxTokens: Int, includesPrompt: Bool) -> GenerationRequest {
        var request = GenerationRequest(
            promptIDs: ids, maxTokens: maxTokens, parameters: SamplingParameters(), seed: 1, ignoresEndTokens: true)
        request.logprobs = LogprobsRequest(likeliest: 2, includesPrompt: includesPrompt)
        return request
    }

    @Test("A prompt's are those of scoring it, also where sequences make room for each other", arguments: [30, 7])
    func promptLogprobs(kvBlocks: Int) throws {
        try LoopbackRing.run(layerCounts: [1, 2], sequences: 4, kvBlocks: kvBlocks) { coordinator in
            let scores = try Self.prompts.map { try coordinator.score($0) }
            var told: [Int: [TokenLogprobs]] = [:]
            var tokens: [Int: [SampledToken]] = [:]
            var ended = 0
            for (index, ids) in Self.prompts.enumerated() {
                try coordinator.start(
                    Self.request(ids, maxTokens: index == 0 ? 0 : 80, includesPrompt: true)
                ) { event in
                    switch event {
                    case .prompt(let logprobs): told[index] = logprobs
                    case .token(let token): tokens[index, default: []].append(token)
                    case .ended: ended += 1
                    case .failed(let error): Issue.record(error)
                    }
                }
            }
            while try coordinator.step() {}
            #expect(ended == Self.prompts.count && tokens[0] == nil)
            if kvBlocks < 10 { #expect(coordinator.scheduler.preemptionCount > 0) }
            for (index, score) in scores.enumerated() {
                let found = try #require(told[index])
                #expect(found.map(\.token.id) == Array(Self.prompts[index].dropFirst()))
                for (logprobs, nll) in zip(found, score.nll) {
                    #expect(abs(logprobs.token.logprob + (nll ?? .nan)) < 1e-9)
                }
                #expect(found.map(\.likeliest[0].id) == Array(score.argmax.dropLast()))
                // Greedy: the likeliest is the one that is taken.
                for token in tokens[index] ?? [] { #expect(token.logprobs?.likeliest.first?.id == token.id) }
                #expect((tokens[index] ?? []).count == (index == 0 ? 0 : 80))
            }
        }
    }

    @Test("With one seed each choice is another answer, and the first is the one without a number")
    func choices() throws {
        try LoopbackRing.run(layerCounts: [3], sequences: 1, kvBlocks: 6) { coordinator in
            func answer(_ choice: UInt32) throws -> [TokenID] {
                var request = GenerationRequest(
                    promptIDs: [5, 6], maxTokens: 30, parameters: SamplingParameters(), seed: 9, ignoresEndTokens: true)
                request.parameters.temperature = 1
                request.choice = choice
                return try coordinator.generate(request).ids
            }
            let answers = try (0..<4).map { try answer($0) }
            #expect(Set(answers).count == 4)
            #expect(try answer(2) == answers[2])
        }
    }

    @Test("The status counts what was done, and every stage's time")
    func status() throws {
        let mailbox = Mailbox()
        let log = EventLog()
        for (index, ids) in Self.prompts.enumerated() {
            mailbox.start(Self.request(ids, maxTokens: 10, includesPrompt: false), onEvent: log.handler(index))
        }
        mailbox.close(finishing: true)
        try LoopbackRing.run(layerCounts: [1, 1, 1], sequences: 2, kvBlocks: 20) { try $0.serve(mailbox) }
        let status = mailbox.status
        #expect(status.sampledTokens == 60)
        #expect(status.computedTokens >= Self.prompts.reduce(0) { $0 + $1.count } && status.microbatches > 10)
        #expect(status.kvBlocks == 20 && status.freeKVBlocks == 20 && status.running == 0 && status.inFlight == 0)
        #expect(status.busySeconds.count == 3 && status.busySeconds.allSatisfy { $0 > 0 && $0 < 600 })
        #expect(mailbox.closedReason == "the engine has ended")
    }
}
