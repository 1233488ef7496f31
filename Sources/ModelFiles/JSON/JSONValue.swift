/// A value of a JSON text. Texts stay bytes: tokens that differ may be equal as `String`s.
enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent that `Int` can hold.
    case integer(Int)
    case number(Double)
    case text([UInt8])
    case list([JSONValue])
    case object([Member])

    struct Member: Sendable, Equatable {
        let key: [UInt8]
        let value: JSONValue
    }

    /// The member called `name`; nil where there is none, where it is null, or where this is no object. Of several the last
    /// counts. For objects with few members: it looks at each.
    subscript(name: String) -> JSONValue? {
        guard let value = members?.last(where: { $0.key.elementsEqual(name.utf8) })?.value, value != .null else {
            return nil
        }
        return value
    }

    var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    var elements: [JSONValue]? { if case .list(let elements) = self { elements } else { nil } }
    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    var bytes: [UInt8]? { if case .text(let bytes) = self { bytes } else { nil } }

    /// A text, malformed UTF-8 repaired.
    var string: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// A whole number, also one written like `4.0`.
    var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// Any number.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
