import OrderedJSON
import TestSupport
import Testing
import Tokenization

@testable import ChatTemplates

/// Turns as agents send them: calls without a content, results without a name, content in parts.
@Suite("Turns as clients send them")
struct SilenceTests {
    private static let call = #"{"id": "c1", "type": "function", "function": {"name": "w", "arguments": "{\"a\": 1}"}}"#
    private static let chatML =
        "{% for m in messages %}{{ '<' + m['role'] + '>' + m['content'] + '</>' }}{% endfor %}"

    private func conversation(_ messages: String...) throws -> Conversation {
        Conversation(try messages.map { try ChatMessage(try #require(JSONValue(parsing: $0), "\($0)")) })
    }

    /// The text that the conversation is tokenized from.
    private func text(_ template: String, _ conversation: Conversation) throws -> String {
        let template = try ChatTemplate(template)
        return try conversation.firstThatRenders { conversation throws(ChatTemplateError) in
            try template.render(conversation, bos: "<s>", eos: "</s>", date: GoldenTests.date)
        }.map(\.text).joined()
    }

    @Test("A content that is null or absent is an empty text where a template joins it to another")
    func concatenation() throws {
        for content in [#""content": null, "#, "", #""content": "", "#] {
            let messages = try conversation(
                #"{"role": "user", "content": "a"}"#,
                "{\"role\": \"assistant\", \(content)\"tool_calls\": [\(Self.call)]}",
                #"{"role": "tool", "tool_call_id": "c1", "content": null}"#, #"{"role": "user", "content": "b"}"#)
            #expect(try text(Self.chatML, messages) == "<user>a</><assistant></><tool></><user>b</>")
            let method = "{% for m in messages %}[{{ m.content.strip() }}{{ m['content'][0:1] }}]{% endfor %}"
            #expect(try text(method, messages) == "[aa][][][bb]")
        }
    }

    @Test("A template that asks whether it is none is told so; one that only prints it prints nothing")
    func none() throws {
        let messages = try conversation(
            "{\"role\": \"assistant\", \"content\": null, \"tool_calls\": [\(Self.call)]}",
            #"{"role": "assistant", "content": "b"}"#)
        let asking = """
            {% for m in messages %}{% if m['content'] is none %}{% for c in m['tool_calls'] %}call {{ c.function.name }};\
            {% endfor %}{% else %}{{ 'said ' + m['content'] }}{% endif %}{% endfor %}
            """
        #expect(try text(asking, messages) == "call w;said b")
        #expect(try text("{% for m in messages %}{{ m.content }}|{% endfor %}", messages) == "|b|")
        #expect(try text("{% for m in messages %}{{ 'content' in m }}|{% endfor %}", messages) == "False|True|")
    }

    @Test("Every published template takes a call that says nothing as one that says an empty text, or none")
    func published() throws {
        let silent = try conversation(
            #"{"role": "user", "content": "a"}"#,
            "{\"role\": \"assistant\", \"content\": null, \"tool_calls\": [\(Self.call)]}",
            #"{"role": "tool", "tool_call_id": "c1", "name": "w", "content": "sunny"}"#)
        for name in ["chatml", "deepseek", "granite", "phi", "qwen2-bpe", "qwen2.5", "smollm2-135m-instruct"] {
            let golden = try GoldenTests.Golden(path: TestFiles.fixture("chat/\(name).json"))
            let text = try text(golden.template, silent)
            // Qwen 2.5's writes no results without tools.
            #expect(text.contains("sunny") || name == "qwen2.5", "\(name): \(text)")
            #expect(!text.contains("None"), "\(name): \(text)")
        }
    }

    @Test("A result has the name of the tool that was called, for templates that need it")
    func names() throws {
        let messages = try conversation(
            "{\"role\": \"assistant\", \"content\": \"\", \"tool_calls\": [\(Self.call)]}",
            #"{"role": "tool", "tool_call_id": "c1", "content": "sunny"}"#)
        let named =
            "{% for m in messages %}{% if m.role == 'tool' %}{{ m.name + ': ' + m.content }}{% endif %}{% endfor %}"
        #expect(try text(named, messages) == "w: sunny")
        // Where it is not needed, the message stays as it came.
        #expect(try text("{{ messages[1].name is defined }}", messages) == "False")
    }

    @Test("Calls have names of nine signs where a template wants such, and else those that they came with")
    func identifiers() throws {
        let messages = try conversation(
            #"{"role": "user", "content": "a"}"#,
            #"{"role": "assistant", "content": null, "tool_calls": [{"id": "call_Zb-3x9_Qw1ErTy", "function": {"name": "w"}}]}"#,
            #"{"role": "tool", "tool_call_id": "call_Zb-3x9_Qw1ErTy", "content": "sunny"}"#)
        let picky = """
            {% for m in messages %}{% for c in m.tool_calls or [] %}{% if c.id | length != 9 %}\
            {{ raise_exception('nine signs') }}{% endif %}{{ c.id }}{% endfor %}{{ m.tool_call_id }}{% endfor %}
            """
        #expect(try text(picky, messages) == "x9Qw1ErTyx9Qw1ErTy")
        #expect(try text("{{ messages[2].tool_call_id }}", messages) == "call_Zb-3x9_Qw1ErTy")
        let golden = try GoldenTests.Golden(path: TestFiles.fixture("chat/mistral.json"))
        #expect(try text(golden.template, messages).contains("x9Qw1ErTy"))
    }

    @Test("No calls are as good as none at all, and no arguments are an empty object")
    func calls() throws {
        let messages = try conversation(
            #"{"role": "assistant", "content": "a", "tool_calls": [], "refusal": null, "annotations": []}"#,
            #"{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": ""}}]}"#)
        #expect(
            try text(
                "{{ messages[0].tool_calls is defined }} {{ messages[1].tool_calls[0].function | tojson }}", messages)
                == #"False {"name": "f", "arguments": {}}"#)
    }

    @Test("Parts are texts by any of their names")
    func parts() throws {
        let messages = try conversation(
            #"""
            {"role": "user", "content": ["a", {"type": "text", "text": "b", "cache_control": {}},
             {"type": "input_text", "text": "c"}, {"type": "output_text", "text": "d"}, {"type": "refusal", "refusal": "e"}]}
            """#, #"{"role": "user", "content": []}"#)
        #expect(try text(Self.chatML, messages) == "<user>a\nb\nc\nd\ne</><user></>")
        let inParts = "{% for p in messages[0].content %}{{ p.type }}:{{ p.text }};{% endfor %}"
        #expect(try text(inParts, messages) == "text:a;text:b;text:c;text:d;text:e;")
        for part in ["5", #"{"type": "image_url"}"#, #"{"type": "refusal"}"#, #"{"text": "a"}"#] {
            #expect(throws: ChatTemplateError.self, "\(part)") {
                try conversation("{\"role\": \"user\", \"content\": [\(part)]}")
            }
        }
    }
}
