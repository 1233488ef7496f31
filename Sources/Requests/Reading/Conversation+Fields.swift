import ChatTemplates
import OrderedJSON

extension Conversation {
    /// The conversation that `fields` hold: `messages`, `tools`, `documents`, and what the template is told besides in
    /// `chat_template_kwargs`.
    public init(_ fields: RequestFields) throws(RequestError) {
        let list = try Self.list("messages", fields) ?? []
        guard !list.isEmpty else {
            throw RequestError("messages must hold at least one message", param: "messages")
        }
        var messages: [ChatMessage] = []
        for (index, message) in list.enumerated() { messages.append(try Self.message(message, "messages[\(index)]")) }
        self.init(messages)
        if fields["tool_choice"]?.string != "none" { tools = try Self.list("tools", fields) }
        documents = try Self.list("documents", fields)
        variables = try fields.value("chat_template_kwargs", wanted: "a JSON object", read: \.object) ?? [:]
    }

    /// nil where it is absent or empty.
    private static func list(_ name: String, _ fields: RequestFields) throws(RequestError) -> [JSONValue]? {
        let list = try fields.value(name, wanted: "a list of \(name)", read: \.array)
        return list?.isEmpty == true ? nil : list
    }

    private static func message(_ json: JSONValue, _ path: String) throws(RequestError) -> ChatMessage {
        do {
            var message = try ChatMessage(json)
            // What OpenAI calls the system message since its reasoning models.
            if message.role == .developer { message[field: "role"] = .string(ChatRole.system.rawValue) }
            return message
        } catch {
            throw RequestError(error, json, path)
        }
    }
}

extension RequestError {
    /// What is wrong with the message at `path`.
    fileprivate init(_ error: ChatTemplateError, _ json: JSONValue, _ path: String) {
        let cause = error.description
        guard let message = json.object else {
            self.init("\(path) must be a JSON object", param: path, cause: cause)
            return
        }
        switch message["role"] {
        case nil, .null:
            self.init("\(path).role is missing", param: "\(path).role", cause: cause)
        case .string:
            let wanted = "a text, or a list of parts such as {\"type\": \"text\", \"text\": \"...\"}"
            self.init(
                "\(path).content must be \(wanted): \(cause)", param: "\(path).content", code: "invalid_type",
                cause: cause)
        default:
            self.init("\(path).role must be a text", param: "\(path).role", code: "invalid_type", cause: cause)
        }
    }
}
