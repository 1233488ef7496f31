import Engine

/// The body of `/v1/chat/completions`.
struct ChatCompletionRequest {
    let model: String?
    let messages: [ChatMessage]
    let sampling: SamplingFields
    let logprobs: LogprobsRequest?

    static let mostLogprobs = 20

    init(_ fields: RequestFields, served: ServedModel) throws(APIError) {
        model = try fields.value("model", "a text")
        try served.check(name: model)
        messages = try Self.messages(fields)
        sampling = try SamplingFields(fields, model: served)
        let wanted: Bool = try fields.value("logprobs", "true or false") ?? false
        let likeliest: Int = try fields.value("top_logprobs", "a whole number") ?? 0
        guard (0...Self.mostLogprobs).contains(likeliest), likeliest == 0 || wanted else {
            throw APIError(
                .badRequest, "top_logprobs must be from 0 to \(Self.mostLogprobs), and goes with \"logprobs\": true",
                param: "top_logprobs", code: "invalid_value")
        }
        logprobs = wanted ? LogprobsRequest(likeliest: likeliest) : nil
    }

    static func messages(_ fields: RequestFields) throws(APIError) -> [ChatMessage] {
        let messages = try fields.list("messages", "a list of messages") { decoder, path throws(APIError) in
            try Self.message(RequestFields(decoder, path: path), path)
        }
        guard let messages, !messages.isEmpty else {
            throw APIError(.badRequest, "messages must hold at least one message", param: "messages")
        }
        return messages
    }

    private static func message(_ fields: RequestFields, _ path: String) throws(APIError) -> ChatMessage {
        guard let name: String = try fields.value("role", "a text") else {
            throw APIError(.badRequest, "\(path)role is missing", param: "\(path)role")
        }
        // What OpenAI calls the system message since its reasoning models.
        guard let role = ChatMessage.Role(rawValue: name == "developer" ? "system" : name) else {
            throw APIError(
                .badRequest, "\(path)role must be system, user or assistant", param: "\(path)role",
                code: "invalid_value")
        }
        let wanted = "a text, or a list of parts such as {\"type\": \"text\", \"text\": \"...\"}"
        let content: MessageContent? = try fields.value("content", wanted)
        return ChatMessage(role: role, content: content?.text ?? "")
    }
}

/// A message's text, whole or in parts.
private struct MessageContent: Decodable {
    let text: String

    private struct Part: Decodable {
        let type: String
        let text: String
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.text = text
        } else {
            // A part that is no text has no `text`: the model reads nothing else.
            text = try container.decode([Part].self).map(\.text).joined()
        }
    }
}

extension ChatCompletionRequest {
    /// What the engine is to do; one generation for each choice.
    func plan(_ served: ServedModel) throws(APIError) -> AnswerPlan {
        let ids = try served.promptIDs(of: messages)
        let room = served.rules.contextLength + 1 - ids.count
        let maxTokens = min(sampling.maxTokens ?? room, room)
        guard maxTokens >= 1 else {
            throw APIError(.badRequest, "max_tokens must be at least 1", param: "max_tokens", code: "invalid_value")
        }
        return AnswerPlan(
            requests: (0..<sampling.choices).map { sampling.request(ids, choice: $0, maxTokens: maxTokens, logprobs) },
            choicesPerPrompt: sampling.choices, sampling: sampling)
    }
}

extension ServedModel {
    /// A conversation in the model's chat template.
    func promptIDs(of messages: [ChatMessage]) throws(APIError) -> [TokenID] {
        try check(text: messages.reduce(0) { $0 + $1.content.utf8.count }, param: "messages")
        let ids: [TokenID]
        do { ids = try encoder.ids(messages) } catch {
            // The request is well formed; it is the template that has no way to say it.
            throw APIError(.unprocessableContent, "\(error)", param: "messages", code: "chat_template")
        }
        try check(prompt: ids, param: "messages")
        return ids
    }
}
