import OrderedJSON
import Testing

@testable import ChatTemplates

@Suite struct ChatTemplateTests {
    static let chatML = """
        {% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}\
        {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
        """

    private func render(_ source: String, _ conversation: Conversation) throws -> [ChatSegment] {
        try ChatTemplate(source).render(conversation, bos: "<s>", eos: "</s>", date: GoldenTests.date)
    }

    private func text(_ source: String, _ conversation: Conversation) throws -> String {
        try render(source, conversation).map(\.text).joined()
    }

    private let hello = Conversation([ChatMessage(role: .user, content: "Hello")])

    @Test func aMissingTemplateSuggestsOthers() {
        let error = #expect(throws: ChatTemplateError.missing) { try ChatTemplate(nil) }
        #expect(
            error?.description
                == "the model carries no chat template: --raw sends a prompt as it is, --chat-template FILE takes another template"
        )
    }

    @Test func brokenTemplatesSayWhereAndSuggestOthers() {
        let unreadable = #expect(throws: ChatTemplateError.self) { try ChatTemplate("a\n{{ 1 + }}") }
        #expect(
            unreadable?.description.hasPrefix("the chat template cannot be read: line 2: unexpected }}; --raw") == true)
        let failing = #expect(throws: ChatTemplateError.self) { try text("{{ a.b }}", hello) }
        #expect(failing?.description.hasPrefix("the chat template fails: line 1: 'a' is undefined; --raw") == true)
    }

    @Test func refusalsAreTheTemplatesOwn() {
        let error = #expect(throws: ChatTemplateError.refused("roles must alternate")) {
            try text("{{ raise_exception('roles must alternate') }}", hello)
        }
        #expect(error?.description == "the model's chat template refuses this conversation: roles must alternate")
    }

    @Test func contentIsKeptApartFromTheTemplate() throws {
        let segments = try render(Self.chatML, Conversation([ChatMessage(role: .user, content: "<|im_end|>")]))
        #expect(
            segments == [
                .template("<|im_start|>user\n"), .content("<|im_end|>"),
                .template("<|im_end|>\n<|im_start|>assistant\n"),
            ])
    }

    @Test func rolesMakeSpecialTokensAndOthersDoNot() throws {
        let source = "{% for m in messages %}{{ '<|' + m.role + '|>' }}{% endfor %}"
        let messages = [
            ChatMessage(role: .user, content: ""), ChatMessage(role: ChatRole(rawValue: "end"), content: ""),
        ]
        #expect(
            try render(source, Conversation(messages)) == [.template("<|user|><|"), .content("end"), .template("|>")])
    }

    @Test func conversationsNeedMessages() {
        #expect(throws: ChatTemplateError.noMessages) { try text(Self.chatML, Conversation([])) }
    }

    @Test func partsAreJoinedWhereATemplateKnowsOnlyStrings() throws {
        let json = try #require(
            JSONValue(
                parsing: #"{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}"#
            ))
        let conversation = Conversation([try ChatMessage(json)])
        #expect(try text("{{ messages[0].content }}", conversation) == "a\nb")
        #expect(try text("{% for p in messages[0].content %}[{{ p.text }}]{% endfor %}", conversation) == "[a][b]")
    }

    @Test func toolsReachTheTemplateMadeForThem() throws {
        let template = try ChatTemplate("plain", toolUse: "{{ tools | tojson }}")
        var conversation = hello
        #expect(try template.render(conversation, bos: "", eos: "", date: GoldenTests.date) == [.template("plain")])
        conversation.tools = [try #require(JSONValue(parsing: #"{"z": 1, "a": {"y": [], "b": null}}"#))]
        let segments = try template.render(conversation, bos: "", eos: "", date: GoldenTests.date)
        #expect(segments.map(\.text).joined() == #"[{"z": 1, "a": {"y": [], "b": null}}]"#)
    }

    @Test func aTemplateForToolsAloneIsNoneForOthers() throws {
        let template = try ChatTemplate(nil, toolUse: "T:{{ messages[0].content }}")
        var conversation = hello
        let error = #expect(throws: ChatTemplateError.onlyForTools) {
            try template.render(conversation, bos: "", eos: "", date: GoldenTests.date)
        }
        #expect(error?.description.contains("--chat-template FILE") == true)
        conversation.tools = []
        let segments = try template.render(conversation, bos: "", eos: "", date: GoldenTests.date)
        #expect(segments.map(\.text).joined() == "T:Hello")
    }

    @Test func furtherSpecialTokens() throws {
        let template = try ChatTemplate("{{ unk_token }}{{ 'no' if pad_token is not defined }}")
        #expect(
            try template.render(
                hello, bos: "", eos: "", others: [("unk_token", "<unk>")], date: GoldenTests.date
            ).map(\.text).joined() == "<unk>no")
    }

    @Test func variablesDoNotHideTheConversation() throws {
        var conversation = hello
        conversation.variables = ["messages": .null, "bos_token": .string("x"), "enable_thinking": .bool(false)]
        #expect(try text("{{ bos_token }}{{ messages | length }}{{ enable_thinking }}", conversation) == "<s>1False")
    }

    @Test(
        arguments: [
            ("[]", "a message must be an object, not a list"), (#"{"content": "x"}"#, "a message has no role"),
            (#"{"role": 1}"#, "the role of a message must be a string, not a number"),
            (
                #"{"role": "user", "content": 1}"#,
                "the content of a message must be a string or a list of parts, not a number"
            ),
            (
                #"{"role": "user", "content": [{"type": "image_url"}]}"#,
                "a part of a message's content is of type 'image_url': only text can be taken"
            ), (#"{"role": "user", "tool_calls": {}}"#, "tool_calls must be a list, not an object"),
        ])
    func messagesAreChecked(json: String, reason: String) throws {
        let value = try #require(JSONValue(parsing: json))
        #expect(throws: ChatTemplateError.message(reason)) { try ChatMessage(value) }
    }

    @Test func argumentsOfToolCallsBecomeObjects() throws {
        let json =
            #"{"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "f", "arguments": "{\"b\": 1, \"a\": 2}"}}]}"#
        let message = try ChatMessage(try #require(JSONValue(parsing: json)))
        #expect(
            try text("{{ messages[0] | tojson }}", Conversation([message]))
                == #"{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": {"b": 1, "a": 2}}}]}"#
        )
    }

    @Test func reasoningGoesByAllItsNames() throws {
        let json = try #require(JSONValue(parsing: #"{"role": "assistant", "content": "x", "reasoning": "why"}"#))
        let source = "{{ messages[0].reasoning_content }}{{ messages[0].thinking }}{{ messages[0].reasoning }}"
        #expect(try text(source, Conversation([try ChatMessage(json)])) == "whywhywhy")
    }
}
