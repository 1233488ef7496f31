import ChatTemplates
import OrderedJSON
import Requests
import Testing

/// Conversations out of requests.
@Suite("Conversations")
struct ConversationTests {
    private func read(_ text: String) throws -> Conversation {
        try Conversation(RequestFields(#require(JSONValue(parsing: text)?.object)))
    }

    @Test("Messages, and what goes with them")
    func everything() throws {
        let conversation = try read(
            #"""
            {"messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": [
                {"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}],
             "tools": [{"z": 1, "a": 2}], "documents": [], "chat_template_kwargs": {"enable_thinking": false}}
            """#)
        #expect(conversation.messages.map(\.role) == [.system, .user])
        #expect(conversation.messages.map(\.content) == ["Be brief.", "a\nb"])
        // In the order that they came: templates print them.
        #expect(conversation.tools?.first?.object?.members.map(\.key) == ["z", "a"])
        #expect(conversation.documents == nil && conversation.variables == ["enable_thinking": .bool(false)])
        let silent = try read(#"{"messages": [{"role": "user"}], "tools": [{}], "tool_choice": "none"}"#)
        #expect(silent.tools == nil)
    }

    @Test("What is wrong with a message is named by its place")
    func errors() throws {
        for (body, param, sentence) in [
            ("{}", "messages", "messages must hold at least one message"),
            (#"{"messages": []}"#, "messages", "messages must hold at least one message"),
            (#"{"messages": {}}"#, "messages", "messages must be a list of messages"),
            (#"{"messages": [{"role": "user"}, 4]}"#, "messages[1]", "messages[1] must be a JSON object"),
            (#"{"messages": [{"content": "a"}]}"#, "messages[0].role", "messages[0].role is missing"),
            (#"{"messages": [{"role": 5}]}"#, "messages[0].role", "messages[0].role must be a text"),
            (
                #"{"messages": [{"role": "user", "content": 5}]}"#, "messages[0].content",
                "messages[0].content must be a text, or a list of parts such as "
                    + #"{"type": "text", "text": "..."}: the content of a message must be a string or a list of parts, "#
                    + "not a number"
            ),
            (#"{"messages": [{"role": "user"}], "tools": 5}"#, "tools", "tools must be a list of tools"),
            (
                #"{"messages": [{"role": "user"}], "chat_template_kwargs": []}"#, "chat_template_kwargs",
                "chat_template_kwargs must be a JSON object"
            ),
        ] {
            let error = #expect(throws: RequestError.self) { try read(body) }
            #expect(error?.param == param && error?.description == sentence, "\(body)")
        }
    }

    @Test("A text goes raw, or as a user's message after the system message")
    func prompts() {
        #expect(Prompt("a", raw: true, system: nil) == .raw("a"))
        let message = ChatMessage(role: .user, content: "a")
        #expect(Prompt("a", raw: false, system: nil) == .conversation(Conversation([message])))
        let system = ChatMessage(role: .system, content: "s")
        #expect(Prompt("a", raw: false, system: "s") == .conversation(Conversation([system, message])))
        // One that has a system message keeps it.
        let conversation = Conversation([system, message])
        #expect(conversation.beginning(with: "other") == conversation)
        #expect(Conversation([message]).beginning(with: "s") == conversation)
    }
}
