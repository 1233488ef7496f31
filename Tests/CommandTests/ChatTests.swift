import Foundation
import ReportSchemas
import TestSupport
import Testing

@Suite("Conversations", .enabled(if: TestFiles.smolLM2 != nil))
struct ChatTests {
    @Test("Turns come from stdin and build on each other", arguments: [nil, 2])
    func turns(ranks: Int?) async throws {
        let model = try #require(TestFiles.smolLM2)
        let arguments = ["chat", "--model", model, "--max-tokens", "24", "--threads", "1"]
        let turns = "What is the capital of France?\nAnd of Italy?\n"
        let shown = try await Stagecoach.run(
            arguments + ["--system", "You answer in one short sentence."], ranks: ranks, input: turns)
        #expect(shown.succeeded, "\(shown)")
        #expect(shown.output.contains("The capital of France is Paris."), "\(shown)")
        #expect(shown.output.contains("Rome"), "\(shown)")

        let report = try await Stagecoach.chat(
            arguments + ["--system", "You answer in one short sentence."], ranks: ranks, input: turns)
        #expect(report.turns.count == 2)
        // The second prompt begins with the first conversation, which the KV cache holds already.
        let second = report.turns[1]
        #expect(second.promptIDs.starts(with: report.turns[0].promptIDs))
        #expect(second.timings.prefillTokens < second.promptIDs.count / 2)
    }

    @Test("A turn that cannot fit is left out, and the conversation goes on")
    func longTurn() async throws {
        let model = try #require(TestFiles.smolLM2)
        let long = String(repeating: "word ", count: 200)
        let result = try await Stagecoach.run(
            ["chat", "--model", model, "--max-tokens", "4", "--context", "128", "--json"],
            input: "Hello\n\(long)\nGood bye\n")
        #expect(result.succeeded, "\(result)")
        #expect(result.errors.contains("left out"), "\(result)")
        let report = try result.report(ChatReport.self)
        #expect(report.turns.count == 2)
    }
}
