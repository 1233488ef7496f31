import OrderedJSON
import Tokenization

/// The fields of a JSON object that asks for something: the body of an HTTP request, a line of a batch job.
///
/// All are optional, null is as good as absent. Where a field is of another kind than it must
/// be, the error names it and says what it must be. A field may have several names, since programs spell it differently:
/// the first one that is there counts, and each that is there must be of the right kind.
public struct RequestFields: Sendable {
    private let object: JSONObject

    /// Names that different programs have for the same; the first is looked for first.
    static let synonyms = [
        ["max_completion_tokens", "max_tokens", "n_predict", "num_predict", "max_new_tokens"],
        ["repetition_penalty", "repeat_penalty", "rep_pen"], ["seed", "random_seed"], ["stop", "stop_sequences"],
        ["n", "n_cmpl"],
    ]

    public init(_ object: JSONObject) { self.object = object }

    public subscript(name: String) -> JSONValue? {
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    public func has(_ name: String) -> Bool { self[name] != nil }

    /// The name under which a field is there, of all that programs have for it; where it is not there, this one.
    public func name(of name: String) -> String { Self.synonyms(of: name).first(where: has) ?? name }

    private static func synonyms(of name: String) -> [String] { synonyms.first { $0.contains(name) } ?? [name] }

    /// All that are there.
    var members: some Sequence<JSONObject.Member> { object.members.lazy.filter { $0.value != .null } }

    /// - Parameters:
    ///   - wanted: What the field must be, in words.
    ///   - read: nil where the value is something else.
    public func value<Value>(
        _ names: String..., wanted: String, read: (JSONValue) -> Value?
    ) throws(RequestError) -> Value? {
        try value(names, wanted, read)
    }

    private func value<Value>(
        _ names: [String], _ wanted: String, _ read: (JSONValue) -> Value?
    ) throws(RequestError) -> Value? {
        var first: Value?
        for name in names.flatMap(Self.synonyms) {
            guard let field = self[name] else { continue }
            guard let value = read(field) else {
                throw RequestError("\(name) must be \(wanted)", param: name, code: "invalid_type")
            }
            first = first ?? value
        }
        return first
    }
}

/// The kinds of fields that there are.
extension RequestFields {
    public func text(_ names: String...) throws(RequestError) -> String? { try value(names, "a text", \.string) }

    public func flag(_ names: String...) throws(RequestError) -> Bool? { try value(names, "true or false", \.bool) }

    public func wholeNumber(_ names: String...) throws(RequestError) -> Int? {
        try value(names, "a whole number", \.integer)
    }

    public func number(_ names: String...) throws(RequestError) -> Double? {
        try value(names, "a number", \.finiteNumber)
    }

    public func texts(_ names: String...) throws(RequestError) -> [String]? {
        try value(names, "a text or a list of texts") { value in value.string.map { [$0] } ?? value.texts }
    }

    public func tokenIDs(_ names: String...) throws(RequestError) -> [TokenID]? {
        try value(names, "a list of token ids", \.tokenIDs)
    }
}

extension JSONValue {
    /// Any number but those that a `Double` cannot hold.
    public var finiteNumber: Double? { number.flatMap { $0.isFinite ? $0 : nil } }

    /// A list of nothing but texts.
    public var texts: [String]? { list(of: \.string) }

    /// A list of nothing but whole numbers of 32 bits.
    public var tokenIDs: [TokenID]? { list { $0.integer.flatMap(TokenID.init(exactly:)) } }

    /// A list of nothing but what `read` takes.
    public func list<Item>(of read: (JSONValue) -> Item?) -> [Item]? {
        guard let values = array else { return nil }
        var items: [Item] = []
        items.reserveCapacity(values.count)
        for value in values {
            guard let item = read(value) else { return nil }
            items.append(item)
        }
        return items
    }
}
