import ArgumentParser
import Foundation
import ModelFiles
import Requests
import Sampling
import TestSupport
import Testing

@testable import Program

/// From flags to requests.
@Suite("Flags that say what to generate")
struct RequestFlagTests {
    private let model: Model
    private let rules: PromptRules

    init() throws {
        model = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        rules = PromptRules(model.configuration, contextLength: 16)
    }

    @Test("Without flags an answer is greedy, of 512 tokens at most, and ends at an end token")
    func defaults() throws {
        let request = try SamplingOptions.parse([]).options(for: model).request(for: [1])
        #expect(request.maxTokens == 512 && request.seed == 0 && request.stopStrings.isEmpty)
        #expect(request.parameters == SamplingParameters() && !request.ignoresEndTokens)
    }

    @Test("Each flag is one parameter of the request")
    func sampling() throws {
        let flags = [
            "--max-tokens", "7", "--temperature", "0.5", "--top-k", "40", "--top-p", "0.9", "--min-p", "0.05",
            "--repeat-penalty", "1.1", "--frequency-penalty", "0.25", "--presence-penalty=-0.5",
            "--seed", "18446744073709551615", "--stop", "a", "--stop", "b", "--ignore-eos",
        ]
        let request = try SamplingOptions.parse(flags).options(for: model).request(for: [1])
        var parameters = SamplingParameters()
        parameters.temperature = 0.5
        parameters.topK = 40
        parameters.topP = 0.9
        parameters.minP = 0.05
        parameters.repeatPenalty = 1.1
        parameters.frequencyPenalty = 0.25
        parameters.presencePenalty = -0.5
        #expect(request.parameters == parameters && request.maxTokens == 7 && request.seed == .max)
        #expect(request.stopStrings == ["a", "b"] && request.ignoresEndTokens)
    }

    @Test("What cannot be is refused before a model is loaded for it")
    func refusals() throws {
        for flags in [["--max-tokens", "0"], ["--stop", ""], ["--seed", "-1"], ["--top-k", "many"]] {
            #expect(throws: (any Error).self, "\(flags)") { try SamplingOptions.parse(flags) }
        }
        for flags in [["--temperature=-1"], ["--top-k=-1"], ["--top-p", "2"], ["--repeat-penalty", "0"]] {
            #expect(throws: SamplingParametersError.self, "\(flags)") {
                try SamplingOptions.parse(flags).options(for: model)
            }
        }
        for flags in [
            [], ["--prompt", "a", "--prompt-ids", "1"], ["--prompt-ids", "1", "--raw"],
            ["--prompt-ids", "1", "--system", "s"], ["--prompt", "a", "--raw", "--system", "s"],
        ] {
            #expect(throws: (any Error).self, "\(flags)") { try PromptOptions.parse(flags) }
        }
        #expect(throws: (any Error).self) { try BatchOptions.parse(["--max-sequences", "0"]) }
        #expect(throws: EngineError.self) {
            try TemplateOptions.parse(["--template-variables", "[]"]).encoder(for: model)
        }
    }

    @Test("A prompt may be ids, a text as it is, a file, or a message for the chat template")
    func prompts() throws {
        let template = try TemplateOptions.parse([])
        func ids(_ flags: [String], _ template: TemplateOptions) throws -> [Int32] {
            try PromptOptions.parse(flags).ids(for: model, template, rules)
        }
        #expect(try ids(["--prompt-ids", "1, 2,3"], template) == [1, 2, 3])
        let encoder = PromptEncoder(model)
        let raw = try encoder.ids(of: .raw("Once"))
        #expect(try ids(["--raw", "--prompt", "Once"], template) == raw)
        let file = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try "Once".write(toFile: file, atomically: false, encoding: .utf8)
        #expect(try ids(["--raw", "--prompt-file", file], template) == raw)
        try "{% for m in messages %}{{ m.content }}{{ tail }}{% endfor %}".write(
            toFile: file, atomically: false, encoding: .utf8)
        let dressed = try TemplateOptions.parse(["--chat-template", file, "--template-variables", #"{"tail": "!"}"#])
        let text = try TokenText(model)
        #expect(try text.text(of: ids(["--prompt", "a", "--system", "s"], dressed)).hasSuffix("s!a!"))
        #expect(throws: EngineError.self) { try ids(["--prompt-ids", "512"], template) }
        #expect(throws: EngineError.self) { try ids(["--prompt-ids", "1,two"], template) }
    }
}
