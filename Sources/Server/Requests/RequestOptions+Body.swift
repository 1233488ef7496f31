import Requests

extension RequestOptions {
    private static let mostStops = 16

    /// What the body of a completion asks for, checked for sense; what it does not say is as OpenAI's API has it.
    init(body fields: RequestFields, _ served: ServedModel) throws(RequestError) {
        try self.init(fields, seeds: .signed)
        temperature = temperature ?? 1
        seed = seed ?? UInt64(UInt32.random(in: 0 ... .max))
        do { try parameters.validate(vocabSize: served.rules.vocabSize) } catch {
            throw RequestError(error.description, code: "invalid_value")
        }
        if let maxTokens, maxTokens < 0 {
            let name = fields.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens"
            throw RequestError("\(name) must not be negative", param: name, code: "invalid_value")
        }
        if let stopStrings, stopStrings.count > Self.mostStops || stopStrings.contains("") {
            throw RequestError(
                "stop must hold at most \(Self.mostStops) texts, none of them empty", param: "stop",
                code: "invalid_value")
        }
    }
}
