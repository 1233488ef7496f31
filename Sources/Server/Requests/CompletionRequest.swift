import ChatTemplates
import OrderedJSON
import Requests

/// What the body of `/v1/chat/completions` or `/v1/completions` asks for.
struct CompletionRequest: Sendable {
    /// One of a chat, any number of a text completion.
    let prompts: [Prompt]
    /// How tokens are chosen, and when to stop. A seed that the body does not give is drawn here: responses tell it, so that
    /// any answer can be had again.
    private(set) var options: RequestOptions
    /// Answers to each prompt.
    let choices: Int
    let streams: Bool
    /// Whether a stream ends with the usage.
    let streamsUsage: Bool
    /// Whether texts begin with their prompts.
    private(set) var echoes = false
    private(set) var logprobs: LogprobsRequest?

    private static let mostChoices = 128
    private static let mostLogprobs = 20
    /// What OpenAI's API samples after a text where a request does not say.
    private static let defaultMaxTokens = 16

    /// What both kinds of completions have in common.
    private init(_ prompts: [Prompt], _ fields: RequestFields, _ served: ServedModel) throws(RequestError) {
        self.prompts = prompts
        options = try RequestOptions(body: fields, served)
        choices = try fields.wholeNumber("n") ?? 1
        guard (1...Self.mostChoices).contains(choices) else {
            throw RequestError(
                "n must be from 1 to \(Self.mostChoices)", param: fields.name(of: "n"), code: "invalid_value")
        }
        streams = try fields.flag("stream") ?? false
        streamsUsage =
            try fields.value("stream_options", wanted: "an object such as {\"include_usage\": true}") { options in
                guard options.object != nil else { return nil }
                guard let wish = options["include_usage"] else { return false }
                return wish.bool
            } ?? false
        _ = try fields.text("user")
    }
}

extension CompletionRequest {
    init(chat fields: RequestFields, _ served: ServedModel) throws(RequestError) {
        try served.check(name: fields.text("model"))
        try Self.unsupportedInChats.check(fields)
        try self.init([.conversation(Conversation(fields))], fields, served)
        guard options.maxTokens ?? 1 >= 1 else {
            let name = fields.name(of: "max_tokens")
            throw RequestError("\(name) must be at least 1", param: name, code: "invalid_value")
        }
        let wanted = try fields.flag("logprobs") ?? false
        let likeliest = try fields.wholeNumber("top_logprobs") ?? 0
        guard (0...Self.mostLogprobs).contains(likeliest), likeliest == 0 || wanted else {
            throw RequestError(
                "top_logprobs must be from 0 to \(Self.mostLogprobs), and goes with \"logprobs\": true",
                param: "top_logprobs", code: "invalid_value")
        }
        logprobs = wanted ? LogprobsRequest(likeliest: likeliest) : nil
    }

    private static let unsupportedInChats = UnsupportedParameters([
        .init(["echo"], neutral: .nothing, "an answer holds what is new"),
        .init(["prompt"], neutral: .never, "give messages, or send it to /v1/completions"),
    ])

    init(text fields: RequestFields, _ served: ServedModel) throws(RequestError) {
        try served.check(name: fields.text("model"))
        try UnsupportedParameters.ofTexts.check(fields)
        try self.init(Self.prompts(fields), fields, served)
        guard prompts.count * choices <= Self.mostChoices else {
            throw RequestError(
                "one request may ask for at most \(Self.mostChoices) answers, over all prompts", param: "prompt",
                code: "invalid_value")
        }
        echoes = try fields.flag("echo") ?? false
        let likeliest = try fields.wholeNumber("logprobs")
        guard (0...Self.mostLogprobs).contains(likeliest ?? 0) else {
            throw RequestError(
                "logprobs must be from 0 to \(Self.mostLogprobs)", param: "logprobs", code: "invalid_value")
        }
        logprobs = likeliest.map { [echoes] in LogprobsRequest(likeliest: $0, includesPrompt: echoes) }
        options.maxTokens = options.maxTokens ?? Self.defaultMaxTokens
        guard options.maxTokens != 0 || logprobs?.includesPrompt == true else {
            throw RequestError(
                "max_tokens may be 0 only where echo and logprobs ask for the prompt",
                param: fields.name(of: "max_tokens"), code: "invalid_value")
        }
    }

    /// The four forms that `prompt` may have.
    private static func prompts(_ fields: RequestFields) throws(RequestError) -> [Prompt] {
        let wanted = "a text, a list of texts, a list of token ids or a list of such lists"
        let prompts: [Prompt]? = try fields.value("prompt", wanted: wanted) { value in
            if let text = value.string { return [.raw(text)] }
            if let texts = value.texts { return texts.map { .raw($0) } }
            if let ids = value.tokenIDs { return [.ids(ids)] }
            return value.list(of: \.tokenIDs)?.map { .ids($0) }
        }
        guard let prompts, !prompts.isEmpty else {
            throw RequestError("prompt must be \(wanted)", param: "prompt")
        }
        return prompts
    }
}

extension CompletionRequest {
    /// What the engine is to do, one generation for each answer: all choices of the first prompt, then those of the next.
    ///
    /// - Parameter id: The name of the HTTP request.
    func generations(_ served: ServedModel, _ id: RequestID) throws(RequestError) -> [GenerationRequest] {
        var generations: [GenerationRequest] = []
        for prompt in prompts {
            let ids = try served.promptIDs(of: prompt)
            var generation = options.request(for: ids)
            generation.maxTokens = min(generation.maxTokens, served.rules.room(after: ids.count))
            generation.logprobs = logprobs
            for choice in 0..<choices {
                generation.id = id.answer(generations.count)
                generation.choice = UInt32(choice)
                generations.append(generation)
            }
        }
        return generations
    }
}
