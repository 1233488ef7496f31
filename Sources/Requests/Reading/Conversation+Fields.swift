import ChatTemplates
import OrderedJSON

extension Conversation {
    /// The conversation that `fields` hold: `messages`, `tools`, `documents`, and what the template is told besides in
    /// `chat_template_kwargs`, `reasoning_effort` and `enable_thinking`.
    public init(_ fields: RequestFields) throws(RequestError) {
        try UnsupportedParameters.ofConversations.check(fields)
        let list = try Self.list("messages", fields) ?? []
        guard !list.isEmpty else {
            throw RequestError("messages must hold at least one message", param: "messages")
        }
        var messages: [ChatMessage] = []
        for (index, message) in list.enumerated() { messages.append(try Self.message(message, "messages[\(index)]")) }
        self.init(messages)
        try readEnd(fields)
        if try Self.mayCall(fields) { tools = try Self.list("tools", fields) }
        documents = try Self.list("documents", fields)
        variables = try Self.variables(fields)
    }

    /// Reads where the prompt ends: at the beginning of an answer, after the last message, or in its midst. Some programs
    /// say the latter in the message itself.
    private mutating func readEnd(_ fields: RequestFields) throws(RequestError) {
        for (index, message) in messages.enumerated() {
            for name in ["prefix", "partial"] where message[field: name] == .bool(true) {
                guard index == messages.count - 1, message.role == .assistant else {
                    let name = "messages[\(index)].\(name)"
                    throw RequestError(unsupported: name, "it goes with the last message, as the assistant's")
                }
                continuesLastMessage = true
            }
        }
        continuesLastMessage = try fields.flag("continue_final_message") ?? continuesLastMessage
        let begins = try fields.flag("add_generation_prompt")
        if continuesLastMessage, begins == true, fields.has("continue_final_message") {
            throw RequestError(
                "a message is continued without the beginning of an answer: leave out add_generation_prompt, or make it "
                    + "false", param: "add_generation_prompt", code: "invalid_value")
        }
        addGenerationPrompt = begins ?? !continuesLastMessage
        guard !continuesLastMessage || messages.last?.content != nil else {
            let name = "messages[\(messages.count - 1)].content"
            throw RequestError("\(name) must hold the text to be continued", param: name, code: "invalid_value")
        }
    }

    /// Whether the model is told of the tools; that it calls one cannot be promised.
    private static func mayCall(_ fields: RequestFields) throws(RequestError) -> Bool {
        switch fields["tool_choice"] {
        case nil, .string("auto"): return true
        case .string("none"): return false
        case .string(let choice):
            throw RequestError(unsupported: "tool_choice", "'\(choice.prefix(40))' cannot be kept: \(choices)")
        case .object: throw RequestError(unsupported: "tool_choice", "the choice of a tool cannot be kept: \(choices)")
        default: throw RequestError("tool_choice must be \(choices)", param: "tool_choice", code: "invalid_type")
        }
    }

    private static let choices = "\"auto\", the model's own choice, or \"none\""

    private static func variables(_ fields: RequestFields) throws(RequestError) -> JSONObject {
        let name = "chat_template_kwargs"
        var variables = try fields.value(name, wanted: "a JSON object", read: \.object) ?? [:]
        try UnsupportedParameters.ofVariables.check(RequestFields(variables), at: "\(name).")
        func set(_ name: String, _ value: JSONValue) { if variables[name] == nil { variables[name] = value } }
        if let thinks = try fields.flag("enable_thinking") { set("enable_thinking", .bool(thinks)) }
        // As vLLM tells templates of it.
        if let effort = try fields.text("reasoning_effort") {
            set("reasoning_effort", .string(effort))
            set("enable_thinking", .bool(effort != "none"))
        }
        return variables
    }

    /// nil where it is absent or empty.
    private static func list(_ name: String, _ fields: RequestFields) throws(RequestError) -> [JSONValue]? {
        let list = try fields.value(name, wanted: "a list of \(name)", read: \.array)
        return list?.isEmpty == true ? nil : list
    }

    private static func message(_ json: JSONValue, _ path: String) throws(RequestError) -> ChatMessage {
        var message: ChatMessage
        do { message = try ChatMessage(json) } catch { throw RequestError(error, json, path) }
        try UnsupportedParameters.ofMessages.check(RequestFields(message.fields), at: "\(path).")
        // What OpenAI calls the system message since its reasoning models.
        if message.role == .developer { message[field: "role"] = .string(ChatRole.system.rawValue) }
        return message
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
