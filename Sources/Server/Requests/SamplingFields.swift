import Requests
import Sampling
import Tokenization

/// What chat and text completions have in common: how tokens are chosen, when to stop, what to send.
struct SamplingFields: Sendable {
    let parameters: SamplingParameters
    /// A random one where the request gives none; responses tell it, so that any answer can be had again.
    let seed: UInt64
    let maxTokens: Int?
    let stop: [String]
    let ignoresEndTokens: Bool
    /// Answers to each prompt.
    let choices: Int
    let streams: Bool
    /// Whether a stream ends with the usage.
    let streamsUsage: Bool

    static let mostChoices = 128
    private static let mostStops = 16

    init(_ fields: RequestFields, model: ServedModel) throws(APIError) {
        var parameters = SamplingParameters()
        parameters.temperature = try fields.value("temperature", "a number") ?? 1
        parameters.topP = try fields.value("top_p", "a number") ?? 1
        parameters.topK = max(try fields.value("top_k", "a whole number") ?? 0, 0)  // some clients say off by -1
        parameters.minP = try fields.value("min_p", "a number") ?? 0
        parameters.repeatPenalty = try fields.value("repetition_penalty", "a number") ?? 1
        parameters.frequencyPenalty = try fields.value("frequency_penalty", "a number") ?? 0
        parameters.presencePenalty = try fields.value("presence_penalty", "a number") ?? 0
        parameters.logitBias = try Self.bias(fields)
        do { try parameters.validate(vocabSize: model.text.vocabSize) } catch {
            throw APIError(.badRequest, error.description, code: "invalid_value")
        }
        self.parameters = parameters
        let seed: Seed? = try fields.value("seed", "a whole number of at most 64 bits")
        self.seed = seed?.number ?? UInt64(UInt32.random(in: 0 ... .max))
        maxTokens = try Self.maxTokens(fields)
        stop = try Self.stop(fields)
        ignoresEndTokens = try fields.value("ignore_eos", "true or false") ?? false
        choices = try fields.value("n", "a whole number") ?? 1
        guard (1...Self.mostChoices).contains(choices) else {
            throw APIError(.badRequest, "n must be from 1 to \(Self.mostChoices)", param: "n", code: "invalid_value")
        }
        streams = try fields.value("stream", "true or false") ?? false
        let options: StreamOptions? = try fields.value("stream_options", "an object such as {\"include_usage\": true}")
        streamsUsage = options?.includesUsage ?? false
        let _: String? = try fields.value("user", "a text")
    }

    func request(_ promptIDs: [TokenID], choice: Int, maxTokens: Int, _ logprobs: LogprobsRequest?) -> GenerationRequest
    {
        var request = GenerationRequest(
            promptIDs: promptIDs, maxTokens: maxTokens, parameters: parameters, seed: seed, stopStrings: stop,
            ignoresEndTokens: ignoresEndTokens)
        request.choice = UInt32(choice)
        request.logprobs = logprobs
        return request
    }

    private static func maxTokens(_ fields: RequestFields) throws(APIError) -> Int? {
        let newer: Int? = try fields.value("max_completion_tokens", "a whole number")
        let older: Int? = try fields.value("max_tokens", "a whole number")
        guard let count = newer ?? older else { return nil }
        guard count >= 0 else {
            let name = newer == nil ? "max_tokens" : "max_completion_tokens"
            throw APIError(.badRequest, "\(name) must not be negative", param: name, code: "invalid_value")
        }
        return count
    }

    private static func stop(_ fields: RequestFields) throws(APIError) -> [String] {
        let words: Words? = try fields.value("stop", "a text or a list of texts")
        let stop = words?.list ?? []
        guard stop.count <= mostStops, !stop.contains("") else {
            throw APIError(
                .badRequest, "stop must hold at most \(mostStops) texts, none of them empty", param: "stop",
                code: "invalid_value")
        }
        return stop
    }

    private static func bias(_ fields: RequestFields) throws(APIError) -> [TokenID: Double] {
        let wanted = "an object that gives token ids a number, such as {\"50256\": -100}"
        guard let named: [String: Double] = try fields.value("logit_bias", wanted) else { return [:] }
        var bias: [TokenID: Double] = [:]
        for (name, value) in named {
            guard let id = TokenID(name) else {
                throw APIError(.badRequest, "logit_bias must be \(wanted)", param: "logit_bias", code: "invalid_type")
            }
            bias[id] = value
        }
        return bias
    }

    private struct StreamOptions: Decodable {
        let includesUsage: Bool?
        private enum CodingKeys: String, CodingKey { case includesUsage = "include_usage" }
    }
}

/// A seed: any 64 bits, signed or not.
private struct Seed: Decodable {
    let number: UInt64

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let signed = try? container.decode(Int64.self) {
            number = UInt64(bitPattern: signed)
        } else {
            number = try container.decode(UInt64.self)
        }
    }
}

/// One text, or a list of them.
struct Words: Decodable {
    let list: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let word = try? container.decode(String.self) {
            list = [word]
        } else {
            list = try container.decode([String].self)
        }
    }
}
