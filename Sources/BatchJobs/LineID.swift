import OrderedJSON

/// What names a request of a batch job: the line's `id`, or else its number.
enum LineID: Hashable, Sendable {
    case number(Int)
    case string(String)

    /// nil where the value is neither.
    init?(_ value: JSONValue) {
        if let text = value.string {
            self = .string(text)
        } else if let number = value.integer {
            self = .number(number)
        } else {
            return nil
        }
    }
}

extension LineID: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .string(text)
        } else {
            self = .number(try container.decode(Int.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        }
    }
}
