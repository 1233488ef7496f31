import OrderedJSON

/// Turns as OpenAI's clients send them: calls of tools have no content, or null, and results of tools have no name.
extension Conversation {
    /// What `render` makes of the conversation, and where it fails, of what says the same to templates that do not expect
    /// such turns. Some ask whether a content is none; others join it to a text, for which it is an empty one.
    func firstThatRenders<Rendered>(
        _ render: (Conversation) throws(ChatTemplateError) -> Rendered
    ) throws(ChatTemplateError) -> Rendered {
        var failure: ChatTemplateError
        do { return try render(self) } catch { failure = error }
        for other in failure.isOfMessages ? sayingTheSame : [] {
            do { return try render(other) } catch { failure = error }
        }
        throw failure
    }

    private var sayingTheSame: [Conversation] {
        let named = namingResults
        if messages.contains(where: { $0[field: "content"] == nil }) {
            return [.null, .string("")].map(named.replacingSilence)
        }
        return named == self ? [] : [named]
    }

    private func replacingSilence(with content: JSONValue) -> Conversation {
        var conversation = self
        conversation.messages = messages.map { message in
            message[field: "content"] == nil ? message.replacingContent(with: content) : message
        }
        return conversation
    }

    /// With the names of the tools that were called at their results.
    private var namingResults: Conversation {
        var conversation = self
        var names: [String: JSONValue] = [:]
        for (index, message) in messages.enumerated() {
            for call in message[field: "tool_calls"]?.array ?? [] {
                if let id = call["id"]?.string, let name = call["function"]?["name"] { names[id] = name }
            }
            if message.role == .tool, message[field: "name"] == nil, let id = message[field: "tool_call_id"]?.string {
                conversation.messages[index][field: "name"] = names[id]
            }
        }
        return conversation
    }
}
