import OrderedJSON

/// Turns as OpenAI's clients send them: calls of tools have no content, or null, and long names of their own; results of
/// tools have no tool's name.
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
        let isSilent = messages.contains { $0[field: "content"] == nil }
        var others = isSilent ? [.null, .string("")].map(named.replacingSilence) : [named]
        // Mistral's templates refuse any other.
        others.append(others.last!.shorteningIDs)
        return others.filter { $0 != self }
    }

    private func replacingSilence(with content: JSONValue) -> Conversation {
        var conversation = self
        conversation.messages = messages.map { message in
            message[field: "content"] == nil ? message.replacingContent(with: content) : message
        }
        return conversation
    }

    /// With nine letters and digits as the name of each call.
    private var shorteningIDs: Conversation {
        func short(_ id: JSONValue?) -> JSONValue? {
            guard let text = id?.string else { return id }
            let signs = text.unicodeScalars.filter {
                $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0)
            }
            return .string(
                String(repeating: "0", count: max(0, 9 - signs.count))
                    + String(String.UnicodeScalarView(signs.suffix(9))))
        }
        var conversation = self
        for (index, message) in messages.enumerated() {
            conversation.messages[index][field: "tool_call_id"] = short(message[field: "tool_call_id"])
            guard let calls = message[field: "tool_calls"]?.array else { continue }
            conversation.messages[index][field: "tool_calls"] = .array(
                calls.map { call in
                    guard var call = call.object, call["id"] != nil else { return call }
                    call["id"] = short(call["id"])
                    return .object(call)
                })
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
