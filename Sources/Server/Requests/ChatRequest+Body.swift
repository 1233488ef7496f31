import ChatTemplates
import OrderedJSON

extension ChatRequest {
    /// The conversation of a request: `messages`, `tools`, `documents`, and what the template is told besides in
    /// `chat_template_kwargs`. Read apart from the other fields, since templates print members in the order they came.
    init(body: [UInt8]) throws(APIError) {
        guard let fields = JSONValue(parsing: body)?.object else {
            throw APIError(.badRequest, "the request's body must be a JSON object", code: "invalid_json")
        }
        let list = try Self.list("messages", of: "messages", fields) ?? []
        guard !list.isEmpty else {
            throw APIError(.badRequest, "messages must hold at least one message", param: "messages")
        }
        var messages: [ChatMessage] = []
        for (index, message) in list.enumerated() { messages.append(try Self.message(message, "messages[\(index)]")) }
        self.init(messages)
        if fields["tool_choice"]?.string != "none" { tools = try Self.list("tools", of: "tools", fields) }
        documents = try Self.list("documents", of: "documents", fields)
        guard let kwargs = fields["chat_template_kwargs"], kwargs != .null else { return }
        guard let kwargs = kwargs.object else {
            throw APIError(
                .badRequest, "chat_template_kwargs must be a JSON object", param: "chat_template_kwargs",
                code: "invalid_type")
        }
        variables = kwargs
    }

    /// How much text there is to tokenize, in bytes.
    var textByteCount: Int { messages.reduce(0) { $0 + ($1.content?.utf8.count ?? 0) } }

    private static func list(
        _ name: String, of what: String, _ fields: JSONObject
    ) throws(APIError) -> [JSONValue]? {
        guard let value = fields[name], value != .null else { return nil }
        guard let list = value.array else {
            throw APIError(.badRequest, "\(name) must be a list of \(what)", param: name, code: "invalid_type")
        }
        return list.isEmpty ? nil : list
    }

    private static func message(_ json: JSONValue, _ path: String) throws(APIError) -> ChatMessage {
        guard let fields = json.object else {
            throw APIError(.badRequest, "\(path) must be a JSON object", param: path)
        }
        guard let role = fields["role"], role != .null else {
            throw APIError(.badRequest, "\(path).role is missing", param: "\(path).role")
        }
        guard role.string != nil else {
            throw APIError(.badRequest, "\(path).role must be a text", param: "\(path).role", code: "invalid_type")
        }
        do {
            var message = try ChatMessage(json)
            // What OpenAI calls the system message since its reasoning models.
            if message.role == .developer { message[field: "role"] = .string(ChatRole.system.rawValue) }
            return message
        } catch {
            let wanted = "a text, or a list of parts such as {\"type\": \"text\", \"text\": \"...\"}"
            throw APIError(
                .badRequest, "\(path).content must be \(wanted): \(error)", param: "\(path).content",
                code: "invalid_type")
        }
    }
}
