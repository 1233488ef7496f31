import OrderedJSON
import Tokenization

extension RequestOptions {
    /// Which numbers are seeds: any 64 bits, or only those without a sign. -1 asks for one that is drawn.
    public enum Seeds: Sendable {
        case signed, unsigned
    }

    /// What `fields` ask for. Each parameter has the name that vLLM's server gives it, and those of other programs. What
    /// would change an answer and is not built is refused.
    public init(_ fields: RequestFields, seeds: Seeds) throws(RequestError) {
        self.init()
        try UnsupportedParameters.everywhere.check(fields)
        try Self.checkForm(fields)
        maxTokens = try fields.wholeNumber("max_tokens").map { $0 == -1 ? .max : $0 }
        temperature = try fields.number("temperature")
        // Some clients say off by -1.
        topK = try fields.wholeNumber("top_k").map { max($0, 0) }
        topP = try fields.number("top_p")
        minP = try fields.number("min_p")
        repeatPenalty = try fields.number("repetition_penalty")
        frequencyPenalty = try fields.number("frequency_penalty")
        presencePenalty = try fields.number("presence_penalty")
        // The whole of prompt and answer is -1, and what happens where nothing is said.
        penaltyWindow = try fields.wholeNumber("repeat_last_n").flatMap { $0 < 0 ? nil : $0 }
        logitBias = try fields.value(
            "logit_bias", wanted: "an object that gives token ids a number, such as {\"50256\": -100}",
            read: Self.bias)
        seed = try fields.value("seed", wanted: seeds.wanted, read: seeds.read)
        stopStrings = try fields.texts("stop")
        ignoresEndTokens = try fields.flag("ignore_eos")
    }

    /// A seed for whoever gives none; short enough for programs that have no whole numbers of 64 bits.
    public static func drawSeed() -> UInt64 { UInt64(UInt32.random(in: 0 ... .max)) }

    /// By token id, as OpenAI has it, or as llama-server's list of pairs; false bans a token.
    private static func bias(_ value: JSONValue) -> [TokenID: Double]? {
        let pairs: [(TokenID?, JSONValue)]? =
            value.object?.members.map { (TokenID($0.key), $0.value) }
            ?? value.list { pair in
                guard let pair = pair.array, pair.count == 2 else { return nil }
                return (pair[0].integer.flatMap(TokenID.init(exactly:)), pair[1])
            }
        guard let pairs else { return nil }
        var bias: [TokenID: Double] = [:]
        for (id, value) in pairs {
            guard let id, let number = value == .bool(false) ? -.infinity : value.finiteNumber else { return nil }
            bias[id] = number
        }
        return bias
    }

    /// Refuses to hold an answer to a form; text is what it has anyway.
    private static func checkForm(_ fields: RequestFields) throws(RequestError) {
        guard let form = fields["response_format"] else { return }
        guard let type = form["type"]?.string else {
            throw RequestError(
                "response_format must be an object such as {\"type\": \"text\"}", param: "response_format",
                code: "invalid_type")
        }
        guard type != "text" else { return }
        // As OpenAI's API says it: clients look for these words, and try something else.
        throw RequestError(
            "Invalid parameter: 'response_format' of type '\(type.prefix(40))' is not supported with this model; "
                + "ask for the form in a message, and check the answer",
            param: "response_format", code: "unsupported_parameter")
    }
}

extension RequestOptions.Seeds {
    fileprivate var wanted: String {
        switch self {
        case .signed: "a whole number of at most 64 bits"
        case .unsigned: "a whole number from 0 to \(UInt64.max), or -1 for one that is drawn"
        }
    }

    fileprivate func read(_ value: JSONValue) -> UInt64? {
        // One written like 4.0 or 1e3 is whole, but only up to here exact.
        if case .float(let number) = value, number.magnitude > 0x1p53 { return nil }
        if value.integer == -1 { return RequestOptions.drawSeed() }
        if let number = value.unsignedInteger { return number }
        return self == .signed ? value.integer.map { UInt64(bitPattern: Int64($0)) } : nil
    }
}
