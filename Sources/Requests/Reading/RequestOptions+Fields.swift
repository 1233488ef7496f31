import OrderedJSON
import Tokenization

extension RequestOptions {
    /// Which numbers are seeds: any 64 bits, or only those without a sign.
    public enum Seeds: Sendable {
        case signed, unsigned
    }

    /// What `fields` ask for. Each parameter has the name that vLLM's server gives it, and those of other programs.
    public init(_ fields: RequestFields, seeds: Seeds) throws(RequestError) {
        self.init()
        maxTokens = try fields.wholeNumber("max_completion_tokens", "max_tokens")
        temperature = try fields.number("temperature")
        // Some clients say off by -1.
        topK = try fields.wholeNumber("top_k").map { max($0, 0) }
        topP = try fields.number("top_p")
        minP = try fields.number("min_p")
        repeatPenalty = try fields.number("repetition_penalty", "repeat_penalty")
        frequencyPenalty = try fields.number("frequency_penalty")
        presencePenalty = try fields.number("presence_penalty")
        logitBias = try fields.value(
            "logit_bias", wanted: "an object that gives token ids a number, such as {\"50256\": -100}",
            read: Self.bias)
        seed = try fields.value("seed", wanted: seeds.wanted, read: seeds.read)
        stopStrings = try fields.texts("stop")
        ignoresEndTokens = try fields.flag("ignore_eos")
    }

    private static func bias(_ value: JSONValue) -> [TokenID: Double]? {
        guard let members = value.object?.members else { return nil }
        var bias: [TokenID: Double] = [:]
        for member in members {
            guard let id = TokenID(member.key), let number = member.value.finiteNumber else { return nil }
            bias[id] = number
        }
        return bias
    }
}

extension RequestOptions.Seeds {
    fileprivate var wanted: String {
        switch self {
        case .signed: "a whole number of at most 64 bits"
        case .unsigned: "a whole number from 0 to \(UInt64.max)"
        }
    }

    fileprivate func read(_ value: JSONValue) -> UInt64? {
        // One written like 4.0 or 1e3 is whole, but only up to here exact.
        if case .float(let number) = value, number.magnitude > 0x1p53 { return nil }
        if let number = value.unsignedInteger { return number }
        return self == .signed ? value.integer.map { UInt64(bitPattern: Int64($0)) } : nil
    }
}
