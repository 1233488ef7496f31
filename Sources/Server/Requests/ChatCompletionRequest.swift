import ChatTemplates
import Requests
import Tokenization

/// The body of `/v1/chat/completions`.
struct ChatCompletionRequest {
    let model: String?
    let conversation: ChatRequest
    let sampling: SamplingFields
    let logprobs: LogprobsRequest?

    static let mostLogprobs = 20

    /// - Parameter body: What `fields` were read from.
    init(_ fields: RequestFields, body: [UInt8], served: ServedModel) throws(APIError) {
        model = try fields.value("model", "a text")
        try served.check(name: model)
        conversation = try ChatRequest(body: body)
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
}

extension ChatCompletionRequest {
    /// What the engine is to do; one generation for each choice.
    func plan(_ served: ServedModel, _ id: Requests.RequestID) throws(APIError) -> AnswerPlan {
        let ids = try served.promptIDs(of: conversation)
        let room = served.rules.contextLength + 1 - ids.count
        let maxTokens = min(sampling.maxTokens ?? room, room)
        guard maxTokens >= 1 else {
            throw APIError(.badRequest, "max_tokens must be at least 1", param: "max_tokens", code: "invalid_value")
        }
        return AnswerPlan(
            id, (0..<sampling.choices).map { sampling.request(ids, choice: $0, maxTokens: maxTokens, logprobs) },
            choicesPerPrompt: sampling.choices, sampling: sampling)
    }
}

extension ServedModel {
    /// A conversation in the model's chat template.
    func promptIDs(of conversation: ChatRequest) throws(APIError) -> [TokenID] {
        try check(text: conversation.textByteCount, param: "messages")
        let ids: [TokenID]
        do { ids = try encoder.ids(conversation) } catch {
            // The request is well formed; it is the template that has no way to say it.
            throw APIError(.unprocessableContent, "\(error)", param: "messages", code: "chat_template")
        }
        try check(prompt: ids, param: "messages")
        return ids
    }
}
