import Jinja
import OrderedJSON

extension JSONValue {
    /// As a template gets it: text from outside.
    var templateInput: TemplateInput {
        switch self {
        case .null: .none
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .unsigned(let value): .float(Double(value))
        case .float(let value): .float(value)
        case .string(let text): .data(text)
        case .array(let items): .list(items.map(\.templateInput))
        case .object(let object): .mapping(object.members.map { ($0.key, $0.value.templateInput) })
        }
    }
}
