extension Interpreter {
    /// The `tojson` filter of Hugging Face's templates: Python's `json.dumps`.
    func json(_ value: Value, _ arguments: Arguments) throws -> Value {
        let bound = try Bound(arguments, ["ensure_ascii", "indent", "separators", "sort_keys"], of: "tojson", self)
        var writer = JSONWriter(self)
        writer.isASCII = bound["ensure_ascii"]?.isTrue ?? false
        writer.sortsKeys = bound["sort_keys"]?.isTrue ?? false
        switch bound["indent"] {
        case nil, .some(.none): break
        case .text(let text)?: writer.margin = text.units
        case let width?: writer.margin = Array(repeating: " ", count: max(0, try length(width, "indent", default: 0)))
        }
        if writer.margin != nil { writer.itemSeparator = [","] }
        if let separators = bound["separators"], !separators.isNone {
            let pair = try elements(of: separators)
            guard pair.count == 2 else { throw fault("tojson: separators are two strings") }
            writer.itemSeparator = try textArgument(pair[0], "a separator").units
            writer.keySeparator = try textArgument(pair[1], "a separator").units
        }
        try writer.write(value, level: 0)
        return .text(writer.units)
    }
}

/// Writes a value as JSON; text keeps its origin.
private struct JSONWriter {
    private let interpreter: Interpreter
    private(set) var units: [TextUnit] = []
    var isASCII = false
    var sortsKeys = false
    /// What each level is set in by; nil: all on one line.
    var margin: [TextUnit]?
    var itemSeparator: [TextUnit] = [",", " "]
    var keySeparator: [TextUnit] = [":", " "]

    init(_ interpreter: Interpreter) { self.interpreter = interpreter }

    mutating func write(_ value: Value, level: Int) throws {
        try interpreter.step()
        try interpreter.charge(units: 4)
        switch value {
        case .none: units += Array("null")
        case .bool(let bool): units += Array(bool ? "true" : "false")
        case .int(let int): units += Array(String(int))
        case .float(let float): units += Array(Self.text(float))
        case .text(let text): try write(text.units)
        case .list(let list), .tuple(let list):
            try write("[", "]", level, list.items) { writer, item in try writer.write(item, level: level + 1) }
        case .mapping(let mapping):
            var entries = try mapping.entries.map { (key: try key($0.key), value: $0.value) }
            if sortsKeys { entries = try interpreter.sorted(entries) { .text($0.key) } }
            try write("{", "}", level, entries) { writer, entry in
                try writer.write(entry.key)
                writer.units += writer.keySeparator
                try writer.write(entry.value, level: level + 1)
            }
        default: throw interpreter.fault("\(article(value.typeName)) cannot be written as JSON")
        }
    }

    private mutating func write<Item>(
        _ opening: TextUnit, _ closing: TextUnit, _ level: Int, _ items: [Item],
        _ body: (inout JSONWriter, Item) throws -> Void
    ) throws {
        units.append(opening)
        for (index, item) in items.enumerated() {
            if index > 0 {
                try interpreter.charge(units: itemSeparator.count + keySeparator.count)
                units += itemSeparator
            }
            try startLine(level + 1)
            try body(&self, item)
        }
        if !items.isEmpty { try startLine(level) }
        units.append(closing)
    }

    private mutating func startLine(_ level: Int) throws {
        guard let margin else { return }
        try interpreter.charge(units: level * margin.count)
        units.append("\n")
        for _ in 0..<level { units += margin }
    }

    private func key(_ value: Value) throws -> [TextUnit] {
        switch value {
        case .text(let text): return text.units
        case .none: return Array("null")
        case .bool(let bool): return Array(bool ? "true" : "false")
        case .int(let int): return Array(String(int))
        case .float(let float): return Array(Self.text(float))
        default: throw interpreter.fault("\(article(value.typeName)) cannot be a key in JSON")
        }
    }

    private static func text(_ value: Double) -> String {
        value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : FloatText.shortest(value)
    }

    private mutating func write(_ text: [TextUnit]) throws {
        try interpreter.charge(units: 2 * text.count)
        units.append("\"")
        for unit in text {
            switch unit.scalar {
            case "\"": escape("\\\"", unit)
            case "\\": escape("\\\\", unit)
            case "\n": escape("\\n", unit)
            case "\r": escape("\\r", unit)
            case "\t": escape("\\t", unit)
            case "\u{8}": escape("\\b", unit)
            case "\u{C}": escape("\\f", unit)
            case let scalar where scalar.value < 0x20 || isASCII && scalar.value > 0x7F:
                for code in String(scalar).utf16 {
                    let digits = String(code, radix: 16)
                    escape("\\u" + String(repeating: "0", count: 4 - digits.count) + digits, unit)
                }
            default: units.append(unit)
            }
        }
        units.append("\"")
    }

    private mutating func escape(_ text: String, _ unit: TextUnit) { units += text.unicodeScalars.map(unit.with) }
}
