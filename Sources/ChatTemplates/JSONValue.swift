import Jinja

/// A JSON value that keeps the order of its members: templates print tools and arguments as they came.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int)
    /// Whole numbers beyond 64 bits too.
    case float(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// What it is, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .int, .float: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    public static func == (a: JSONValue, b: JSONValue) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.float(let a), .float(let b)): a == b
        case (.string(let a), .string(let b)): a.hasBytes(of: b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    /// As a template gets it: text from outside.
    var templateInput: TemplateInput {
        switch self {
        case .null: .none
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .string(let text): .data(text)
        case .array(let items): .list(items.map(\.templateInput))
        case .object(let object): .mapping(object.members.map { ($0.key, $0.value.templateInput) })
        }
    }
}

/// A JSON object's members in their order, each key once.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    public struct Member: Sendable, Equatable {
        public let key: String
        public var value: JSONValue

        public static func == (a: Member, b: Member) -> Bool { a.key.hasBytes(of: b.key) && a.value == b.value }
    }

    public private(set) var members: [Member] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (key, value) in elements { self[key] = value }
    }

    /// Of members with the same key the last one counts, at the first one's place, as in Python.
    init(_ pairs: [(String, JSONValue)]) {
        var places: [[UInt8]: Int] = [:]
        for (key, value) in pairs {
            if let place = places[Array(key.utf8)] {
                members[place].value = value
            } else {
                places[Array(key.utf8)] = members.count
                members.append(Member(key: key, value: value))
            }
        }
    }

    public subscript(key: String) -> JSONValue? {
        get { members.first { $0.key.hasBytes(of: key) }?.value }
        set {
            let place = members.firstIndex { $0.key.hasBytes(of: key) }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension String {
    /// Whether both are the same bytes; `==` asks for less.
    func hasBytes(of other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
