import Foundation
import TestSupport
import Testing

@Suite("Chat templates given on the command line")
struct TemplateTests {
    private static let tiny = TestFiles.fixture("llama2/llama2-f32.gguf")

    @Test("A file takes the place of the model's own, and variables reach it")
    func file() async throws {
        let template = try Self.file(
            "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}{{ end }}{% endfor %}")
        defer { try? FileManager.default.removeItem(atPath: template) }
        let dressed = try await Stagecoach.generate(
            [
                "--chat-template", template, "--template-variables", #"{"end": "!"}"#, "--max-tokens", "2", "--prompt",
                "Hello",
            ],
            model: Self.tiny)
        let raw = try await Stagecoach.generate(
            ["--raw", "--max-tokens", "2", "--prompt", "user: Hello!"], model: Self.tiny)
        #expect(dressed.promptIDs == raw.promptIDs)
    }

    @Test("A template that cannot be used is one clear sentence", arguments: [nil, 2])
    func broken(ranks: Int?) async throws {
        for (source, words) in [
            ("\n{{ 1 + }}", "cannot be read: line 2"), ("{{ a.b }}", "fails: line 1: 'a' is undefined"),
            ("{{ raise_exception('not today') }}", "refuses this conversation: not today"),
            ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "takes more than"),
        ] {
            let template = try Self.file(source)
            defer { try? FileManager.default.removeItem(atPath: template) }
            let result = try await Stagecoach.run(
                ["generate", "--model", Self.tiny, "--chat-template", template, "--prompt", "x"], ranks: ranks)
            #expect(result.exitStatus == 65, "\(result)")
            #expect(result.errors.contains(words), "\(result)")
        }
        let wrong: [(flags: [String], status: Int, words: String)] = [
            (["--chat-template", TestFiles.absent("at/all")], 65, TestFiles.absent("at/all")),
            (["--template-variables", "[1]"], 64, "wants a JSON object"),
            (["--template-variables", "{1}"], 64, "is no valid JSON, a member's name is missing at byte 1"),
        ]
        for (flags, status, words) in wrong {
            let result = try await Stagecoach.run(
                ["generate", "--model", Self.tiny, "--prompt", "x"] + flags, ranks: ranks)
            #expect(result.exitStatus == status && result.errors.contains(words), "\(result)")
        }
    }

    @Test(
        "A conversation whose template rewrites old answers computes what differs",
        .enabled(if: TestFiles.smolLM2 != nil))
    func rewrittenHistory() async throws {
        let model = try #require(TestFiles.smolLM2)
        let template = try Self.file(
            """
            {% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}\
            {{ m.content | upper if m.role == 'assistant' else m.content }}{{ '<|im_end|>\\n' }}{% endfor %}\
            {{ '<|im_start|>assistant\\n' }}
            """)
        defer { try? FileManager.default.removeItem(atPath: template) }
        let flags = ["--max-tokens", "12", "--threads", "1"]
        let report = try await Stagecoach.chat(
            ["chat", "--model", model, "--chat-template", template] + flags,
            input: "What is the capital of France?\nAnd of Italy?\n")
        #expect(report.turns.count == 2)
        let (first, second) = (report.turns[0], report.turns[1])
        // The first turn is there again, the answer is not; what they share is not computed again.
        #expect(second.promptIDs.starts(with: first.promptIDs))
        #expect(!second.promptIDs.starts(with: first.promptIDs + first.ids))
        #expect(second.timings.prefillTokens <= second.promptIDs.count - first.promptIDs.count + 1)
        let fresh = try await Stagecoach.generate(["--prompt-ids", second.promptIDs.list] + flags, model: model)
        #expect(fresh.ids == second.ids && fresh.logitsHash == second.logitsHash)
    }

    /// A new file with this text; its path.
    private static func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jinja").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}
