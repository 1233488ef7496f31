/// A value of the template language, with Python's meaning. Nothing but a namespace ever changes, as in Jinja's immutable
/// sandbox.
enum Value {
    case undefined(Undefined)
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case text(Text)
    case list(List)
    case tuple(List)
    case mapping(Mapping)
    case range(Progression)
    /// What `keys`, `values` and `items` give.
    case view(View)
    /// What can be gone through once (`map`, `select` and their like).
    case iterator(Iterator)
    case namespace(Namespace)
    case loop(Loop)
    case macro(Macro)
    case function(Function)

    static func text(_ string: String) -> Value { .text(Text(string)) }
    static func text(_ units: [TextUnit]) -> Value { .text(Text(units)) }

    /// How many lists and mappings lie inside each other here.
    var depth: Int {
        switch self {
        case .list(let list), .tuple(let list): list.depth
        case .mapping(let mapping): mapping.depth
        case .view(let view): view.items.depth
        case .iterator(let iterator): iterator.items.depth
        case .loop(let loop): loop.depth
        case .function(let function): function.depth
        case .undefined, .none, .bool, .int, .float, .text, .range, .namespace, .macro: 0
        }
    }

    var isUndefined: Bool { if case .undefined = self { true } else { false } }
    var isNone: Bool { if case .none = self { true } else { false } }

    /// What Python calls the type.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .text(let text): text.isMarkup ? "Markup" : "str"
        case .list: "list"
        case .tuple: "tuple"
        case .mapping: "dict"
        case .range: "range"
        case .view(let view): "dict_\(view.kind.rawValue)"
        case .iterator: "generator"
        case .namespace: "Namespace"
        case .loop: "LoopContext"
        case .macro: "Macro"
        case .function: "function"
        }
    }

    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .float(let value): value != 0
        case .text(let text): !text.isEmpty
        case .list(let list), .tuple(let list): !list.items.isEmpty
        case .mapping(let mapping): !mapping.entries.isEmpty
        case .range(let range): range.count > 0
        case .view(let view): !view.items.items.isEmpty
        case .iterator, .namespace, .loop, .macro, .function: true
        }
    }
}

/// What is not there; using it, other than as nothing, is an error that says what was looked for.
struct Undefined {
    enum Reason {
        case name(String)
        case attribute(String, of: String)
        case hint(String)
    }

    let reason: Reason

    init(_ reason: Reason) { self.reason = reason }

    var message: String {
        switch reason {
        case .name(let name): "'\(name)' is undefined"
        case .attribute(let name, let type): "'\(type)' has no attribute '\(name)'"
        case .hint(let hint): hint
        }
    }
}

/// The items of a list or tuple; shared, never changed.
final class List {
    let items: [Value]
    let depth: Int
    /// Whether it is one of `groupby`'s pairs, whose items have names too.
    let isGroup: Bool

    /// Made by ``Interpreter/makeList(_:isGroup:)``, which counts.
    init(_ items: [Value], depth: Int, isGroup: Bool) {
        self.items = items
        self.depth = depth
        self.isGroup = isGroup
    }
}

/// Whole numbers at equal distances, as `range` gives them.
struct Progression {
    let start: Int
    let end: Int
    let step: Int
    let count: Int

    subscript(index: Int) -> Int { start + index * step }
}

struct View {
    enum Kind: String { case keys, values, items }
    let kind: Kind
    let items: List
}

final class Iterator {
    let items: List
    private var position = 0

    init(_ items: List) { self.items = items }

    func next() -> Value? {
        guard position < items.items.count else { return nil }
        position += 1
        return items.items[position - 1]
    }

    /// All that is left.
    func rest() -> [Value] {
        defer { position = items.items.count }
        return Array(items.items[position...])
    }
}

/// The one thing that can be changed.
final class Namespace {
    var attributes: [(name: String, value: Value)] = []

    subscript(name: String) -> Value? {
        get { attributes.first { $0.name == name }?.value }
        set {
            let index = attributes.firstIndex { $0.name == name }
            if let index, let newValue {
                attributes[index].value = newValue
            } else if let newValue {
                attributes.append((name, newValue))
            }
        }
    }
}

final class Macro {
    let definition: MacroDefinition
    /// Where it was defined: what its body sees.
    let scope: Scope

    init(_ definition: MacroDefinition, _ scope: Scope) {
        self.definition = definition
        self.scope = scope
    }
}

/// A method with its object, or one of the language's own functions.
final class Function {
    typealias Body = (Interpreter, Arguments) throws -> Value

    let name: String
    let depth: Int
    let attributes: [String: () -> Value]
    let body: Body

    init(_ name: String, depth: Int = 0, attributes: [String: () -> Value] = [:], _ body: @escaping Body) {
        self.name = name
        self.depth = depth
        self.attributes = attributes
        self.body = body
    }
}
