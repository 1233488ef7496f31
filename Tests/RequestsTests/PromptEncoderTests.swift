import ChatTemplates
import ModelFiles
import Requests
import TestSupport
import Testing
import Tokenization

/// Prompts to token ids, with the small Llama 2's vocabulary.
@Suite("Prompt encoding")
struct PromptEncoderTests {
    private let model: Model

    init() throws { model = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf")) }

    private static let template = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{{ tail }}{% endfor %}"

    @Test("Ids are taken as given, texts get BOS, and special tokens are recognised in raw ones only")
    func forms() throws {
        let encoder = PromptEncoder(model, chatTemplate: Self.template, variables: ["tail": .string("!")])
        #expect(try encoder.ids(of: .ids([9, 8])) == [9, 8])
        let raw = try encoder.ids(of: .raw("a<s>"))
        #expect(raw.first == 1 && raw.last == 1)
        let text = try TokenText(model)
        let said = try encoder.ids(of: Prompt("a<s>", raw: false, system: nil))
        #expect(text.text(of: said).hasSuffix("[user]a<s>!") && !said.contains(1))
        var conversation = Conversation([ChatMessage(role: .user, content: "a")])
        conversation.variables = ["tail": .string("?")]
        #expect(try text.text(of: encoder.ids(of: .conversation(conversation))).hasSuffix("[user]a?"))
    }

    @Test("Without a chat template only conversations are refused")
    func missingTemplate() throws {
        let encoder = PromptEncoder(model)
        #expect(throws: ChatTemplateError.missing) { try encoder.ids(of: Prompt("a", raw: false, system: nil)) }
        #expect(try !encoder.ids(of: .raw("a")).isEmpty)
    }

    @Test("What a request asks for must be possible")
    func rules() throws {
        let rules = PromptRules(model.configuration, contextLength: 8)
        #expect(rules.room(after: 8) == 1)
        let good = RequestOptions().request(for: [1, 2])
        #expect(throws: Never.self) { try good.check(rules) }
        func refusal(_ change: (inout GenerationRequest) -> Void) -> String? {
            var request = good
            change(&request)
            do { try request.check(rules) } catch { return "\(error)" }
            return nil
        }
        #expect(refusal { $0.promptIDs = [] } == "the prompt has no tokens; give some text or ids")
        #expect(refusal { $0.promptIDs = Array(repeating: 1, count: 9) }?.contains("9 tokens") == true)
        #expect(refusal { $0.promptIDs = [TokenID(rules.vocabSize)] }?.contains("not in the vocabulary") == true)
        #expect(refusal { $0.maxTokens = 0 } == "at least one token must be asked for")
        #expect(refusal { $0.stopStrings = ["a", ""] } == "a stop string must not be empty")
        #expect(refusal { $0.parameters.temperature = -1 }?.hasPrefix("temperature -1") == true)
        let scored = refusal {
            $0.maxTokens = 0
            $0.logprobs = LogprobsRequest(likeliest: 0, includesPrompt: true)
        }
        #expect(scored == nil)
    }
}
