import Requests
import Tokenization

/// The body of `/v1/completions`.
struct TextCompletionRequest {
    let model: String?
    let prompts: [PromptText]
    let sampling: SamplingFields
    /// Whether texts begin with their prompts.
    let echoes: Bool
    let logprobs: LogprobsRequest?

    /// What OpenAI's API samples where a request does not say.
    private static let defaultMaxTokens = 16

    init(_ fields: RequestFields, served: ServedModel) throws(APIError) {
        model = try fields.value("model", "a text")
        try served.check(name: model)
        let wanted = "a text, a list of texts, a list of token ids or a list of such lists"
        guard let field: PromptField = try fields.value("prompt", wanted), !field.prompts.isEmpty else {
            throw APIError(.badRequest, "prompt must be \(wanted)", param: "prompt")
        }
        prompts = field.prompts
        sampling = try SamplingFields(fields, model: served)
        guard prompts.count * sampling.choices <= SamplingFields.mostChoices else {
            throw APIError(
                .badRequest, "one request may ask for at most \(SamplingFields.mostChoices) answers, over all prompts",
                param: "prompt", code: "invalid_value")
        }
        echoes = try fields.value("echo", "true or false") ?? false
        let likeliest: Int? = try fields.value("logprobs", "a whole number")
        guard (0...ChatCompletionRequest.mostLogprobs).contains(likeliest ?? 0) else {
            throw APIError(
                .badRequest, "logprobs must be from 0 to \(ChatCompletionRequest.mostLogprobs)", param: "logprobs",
                code: "invalid_value")
        }
        logprobs = likeliest.map { [echoes] in LogprobsRequest(likeliest: $0, includesPrompt: echoes) }
    }

    /// What the engine is to do; for each prompt one generation for each choice.
    func plan(_ served: ServedModel, _ id: Requests.RequestID) throws(APIError) -> AnswerPlan {
        let maxTokens = sampling.maxTokens ?? Self.defaultMaxTokens
        guard maxTokens >= 1 || logprobs?.includesPrompt == true else {
            throw APIError(
                .badRequest, "max_tokens may be 0 only where echo and logprobs ask for the prompt", param: "max_tokens",
                code: "invalid_value")
        }
        var requests: [GenerationRequest] = []
        for prompt in prompts {
            let ids = try promptIDs(prompt, served)
            let room = served.rules.contextLength + 1 - ids.count
            requests += (0..<sampling.choices).map {
                sampling.request(ids, choice: $0, maxTokens: min(maxTokens, room), logprobs)
            }
        }
        return AnswerPlan(id, requests, choicesPerPrompt: sampling.choices, sampling: sampling)
    }

    private func promptIDs(_ prompt: PromptText, _ served: ServedModel) throws(APIError) -> [TokenID] {
        let ids: [TokenID]
        switch prompt {
        case .ids(let given): ids = given
        case .text(let text):
            try served.check(text: text.utf8.count, param: "prompt")
            do { ids = try served.encoder.ids(raw: text) } catch {
                throw APIError(.unprocessableContent, "\(error)", param: "prompt")
            }
        }
        try served.check(prompt: ids, param: "prompt")
        return ids
    }
}

/// One prompt, as text or as tokens.
enum PromptText: Sendable {
    case text(String)
    case ids([TokenID])
}

/// The four forms that a prompt may have.
private struct PromptField: Decodable {
    let prompts: [PromptText]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            prompts = [.text(text)]
        } else if let texts = try? container.decode([String].self) {
            prompts = texts.map { .text($0) }
        } else if let ids = try? container.decode([TokenID].self) {
            prompts = [.ids(ids)]
        } else {
            prompts = try container.decode([[TokenID]].self).map { .ids($0) }
        }
    }
}
