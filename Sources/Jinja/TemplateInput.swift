/// A value given to a template.
public enum TemplateInput: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    /// Text from outside: it stays known as that, whatever the template does to it.
    case data(String)
    /// Text that is as good as the template's own.
    case text(String)
    case list([TemplateInput])
    case mapping([(key: String, value: TemplateInput)])

    /// Bytes, about.
    var size: Int {
        switch self {
        case .none, .bool, .int, .float: 8
        case .data(let text), .text(let text): text.utf8.count + 8
        case .list(let items): items.reduce(16) { $0 + $1.size }
        case .mapping(let entries): entries.reduce(16) { $0 + $1.key.utf8.count + 16 + $1.value.size }
        }
    }
}

extension Interpreter {
    func value(_ input: TemplateInput) throws -> Value {
        try step()
        switch input {
        case .none: return .none
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .float(let value): return .float(value)
        case .data(let text): return try self.text(Array(text, isData: true))
        case .text(let text): return try self.text(Array(text))
        case .list(let items): return try list(try items.map(value))
        case .mapping(let entries):
            return try mapping(
                try entries.map { (try text(Array($0.key, isData: true)), try value($0.value)) })
        }
    }
}
