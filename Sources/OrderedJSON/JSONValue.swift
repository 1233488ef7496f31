/// A value of a JSON text. Objects keep the order of their members: chat templates print tools and arguments as they came.
///
/// Texts are equal where their bytes are: tokens that differ may be equal as `String`s.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent that 64 bits with a sign hold.
    case int(Int)
    /// A larger one that 64 bits without a sign hold, such as a seed.
    case unsigned(UInt64)
    /// Any other number; beyond a `Double`'s range it is infinite.
    case float(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    public static func == (a: JSONValue, b: JSONValue) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.unsigned(let a), .unsigned(let b)): a == b
        case (.float(let a), .float(let b)): a == b
        case (.string(let a), .string(let b)): a.hasBytes(of: b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    /// What it is, for messages.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .int, .unsigned, .float: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// The value as what a reader wants; nil where it is something else.
extension JSONValue {
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// A text's UTF-8.
    public var bytes: [UInt8]? { string.map { Array($0.utf8) } }

    /// A whole number, also one written like `4.0`.
    public var integer: Int? {
        switch self {
        case .int(let value): value
        case .float(let value): Int(exactly: value)
        default: nil
        }
    }

    /// A whole number that is not negative.
    public var unsignedInteger: UInt64? {
        switch self {
        case .int(let value): UInt64(exactly: value)
        case .unsigned(let value): value
        case .float(let value): UInt64(exactly: value)
        default: nil
        }
    }

    /// Any number.
    public var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }

    /// The member called `name`; nil where there is none, where it is null, or where this is no object.
    public subscript(name: String) -> JSONValue? {
        guard let value = object?[name], value != .null else { return nil }
        return value
    }
}

extension String {
    /// Whether both are the same bytes; `==` asks for less.
    public func hasBytes(of other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
