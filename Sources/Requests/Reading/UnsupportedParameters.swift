import OrderedJSON

/// Parameters that would change an answer and that are not built here, by their names in requests.
///
/// Whoever asks for one is refused, so that nobody takes an answer for what it is not. Only a value that asks for what
/// happens anyway is fine: many clients send all that they know, each at its default.
public struct UnsupportedParameters: Sendable {
    /// Which values ask for what happens anyway, beside null.
    public enum Neutral: Sendable {
        /// None.
        case never
        /// What says nothing: false, or an empty text, list or object.
        case nothing
        /// Only true.
        case on
        /// Numbers from here to there.
        case numbers(ClosedRange<Double>)
        /// These words, one of them or a list.
        case words([String])
        /// 0 and 1, and what the field of this name says.
        case field(String)
    }

    /// Parameters of one kind.
    public struct Group: Sendable {
        let names: [String]
        let neutral: Neutral
        let advice: String

        /// - Parameter advice: What to do instead; the end of a sentence.
        public init(_ names: [String], neutral: Neutral, _ advice: String) {
            self.names = names
            self.neutral = neutral
            self.advice = advice
        }
    }

    let groups: [String: Group]

    public init(_ groups: [Group]) {
        var byName: [String: Group] = [:]
        for group in groups { for name in group.names { byName[name] = group } }
        self.groups = byName
    }

    /// Whether any table has the name.
    static func hasRules(for name: String) -> Bool {
        [everywhere, ofBodies, ofConversations, ofTexts].contains { $0.groups[name] != nil }
    }

    /// Refuses the first of `fields` that asks for one of these.
    ///
    /// - Parameter path: What stands before its name in errors: `messages[2].`.
    public func check(_ fields: RequestFields, at path: String = "") throws(RequestError) {
        for field in fields.members {
            guard let group = groups[field.key], !group.neutral.has(field.value, of: fields) else { continue }
            throw RequestError(unsupported: path + field.key, group.advice)
        }
    }
}

extension UnsupportedParameters.Neutral {
    fileprivate func has(_ value: JSONValue, of fields: RequestFields) -> Bool {
        switch self {
        case .never: false
        case .nothing:
            switch value {
            case .bool(false): true
            case .string(let text): text.isEmpty
            case .array(let items): items.isEmpty
            case .object(let object): object.members.isEmpty
            default: false
            }
        case .on: value.bool == true
        case .numbers(let range): value.number.map(range.contains) ?? false
        case .words(let words): (value.string.map { [$0] } ?? value.texts)?.allSatisfy(words.contains) ?? false
        case .field(let name): value.number == 0 || value.number == 1 || value.number == fields[name]?.number
        }
    }
}

extension RequestError {
    /// A request asks for what is not built; in the words and with the code that OpenAI's API has for it.
    ///
    /// - Parameter advice: What to do instead.
    public init(unsupported name: String, _ advice: String) {
        self.init(
            "Unsupported parameter: '\(name)' is not supported here; \(advice)", param: name,
            code: "unsupported_parameter")
    }
}
