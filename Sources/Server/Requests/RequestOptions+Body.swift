import Requests

extension RequestOptions {
    private static let mostStops = 16
    /// Bytes of a stop string. Each answer keeps a table nine times as long: without a limit one request could take all
    /// memory.
    private static let longestStop = 4096

    /// What the body of a completion asks for, checked for sense; what it does not say is as OpenAI's API has it.
    init(body fields: RequestFields, _ served: ServedModel) throws(RequestError) {
        try UnsupportedParameters.ofBodies.check(fields)
        try self.init(fields, seeds: .signed)
        temperature = temperature ?? 1
        seed = seed ?? Self.drawSeed()
        do { try parameters.validate(vocabSize: served.rules.vocabSize) } catch {
            throw RequestError(
                error.description, param: fields.name(of: error.parameter), code: "invalid_value")
        }
        if let maxTokens, maxTokens < 0 {
            let name = fields.name(of: "max_tokens")
            throw RequestError(
                "\(name) must not be negative, but for -1: as many as the context has room for", param: name,
                code: "invalid_value")
        }
        try Self.check(stopStrings ?? [])
    }

    private static func check(_ stopStrings: [String]) throws(RequestError) {
        guard stopStrings.count <= mostStops, !stopStrings.contains("") else {
            throw RequestError(
                "stop must hold at most \(mostStops) texts, none of them empty", param: "stop", code: "invalid_value")
        }
        guard stopStrings.allSatisfy({ $0.utf8.count <= longestStop }) else {
            throw RequestError(
                "a text in stop may have at most \(longestStop) bytes", param: "stop", code: "invalid_value")
        }
    }
}
