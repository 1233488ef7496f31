import ChatTemplates
import ModelFiles
import OrderedJSON
import Requests
import TestSupport
import Testing
import Tokenization

/// What someone hears whose messages a template has no way to say.
@Suite("A template's failures, to those who send requests")
struct TemplateFailureTests {
    private let model: Model

    init() throws { model = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf")) }

    private func refusal(_ template: String?, _ roles: String...) throws -> RequestError? {
        let encoder = PromptEncoder(model, chatTemplate: template)
        let messages = roles.map { ChatMessage(role: ChatRole(rawValue: $0), content: "x") }
        do throws(RequestError) { _ = try encoder.ids(requested: .conversation(Conversation(messages))) } catch {
            #expect(error.kind == .unsuitable && error.code == "chat_template")
            #expect(!error.description.contains("--") && error.description.contains("/v1/completions"))
            return error
        }
        return nil
    }

    @Test("It names the message, what is wrong with it, and no flags")
    func failures() throws {
        let alternating = """
            {% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}\
            {{ raise_exception('roles must alternate') }}{% endif %}{{ m.content }}{% endfor %}
            """
        let refused = try refusal(alternating, "user", "assistant", "user", "user", "assistant")
        #expect(refused?.param == "messages[3]")
        #expect(
            refused?.description.hasPrefix(
                "the model's chat template refuses messages[3] (role 'user'): roles must alternate; ") == true)
        #expect(try refusal(alternating, "user", "assistant", "user") == nil)
        let failing = "{% for m in messages %}{{ m.nothing.deep if m.role == 'tool' else m.content }}\n{% endfor %}"
        let broken = try refusal(failing, "user", "assistant", "tool", "user")
        #expect(broken?.param == "messages[2]")
        #expect(
            broken?.description.hasPrefix("the model's chat template fails at messages[2] (role 'tool'): line 1: ")
                == true)
    }

    @Test("Where no message is at fault, none is named")
    func others() throws {
        let missing = try refusal(nil, "user")
        #expect(missing?.param == "messages")
        #expect(missing?.description.hasPrefix("the model has no chat template, so it takes no messages; ") == true)
        let unreadable = try refusal("{{ 1 + }}", "user")
        #expect(unreadable?.param == "messages" && unreadable?.description.contains("cannot be read") == true)
        let endless = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"
        #expect(try refusal(endless, "user", "user")?.param == "messages")
    }

    @Test("Conversations of agents, with calls that say nothing, go through templates that join contents to texts")
    func agents() throws {
        let template = "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\\n' }}{% endfor %}"
        let encoder = PromptEncoder(model, chatTemplate: template)
        let call = #"[{"id": "c1", "type": "function", "function": {"name": "w", "arguments": "{}"}}]"#
        func ids(_ silence: String) throws -> [TokenID] {
            let body = #"""
                {"messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "name": "ann", "content":
                [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
                {"role": "assistant", \#(silence)"tool_calls": \#(call)},
                {"role": "tool", "tool_call_id": "c1", "content": "sunny"}, {"role": "assistant"\#(silence.isEmpty ? "" : ", \"content\": null")},
                {"role": "user", "content": "b"}], "tools": [{"type": "function", "function": {"name": "w"}}]}
                """#
            let fields = RequestFields(try #require(JSONValue(parsing: body)?.object))
            return try encoder.ids(requested: .conversation(Conversation(fields)))
        }
        let expected = try ids(#""content": "", "#)
        #expect(try ids(#""content": null, "#) == expected && ids("") == expected)
        let text = try TokenText(model).text(of: expected)
        #expect(text.hasSuffix("system: Be brief.\nuser: a\nb\nassistant: \ntool: sunny\nassistant: \nuser: b\n"))
    }
}
