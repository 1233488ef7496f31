extension Interpreter {
    /// A value as it is printed: Python's `str`.
    func text(of value: Value) throws -> Text {
        switch value {
        case .text(let text): return text
        case .undefined: return Text([])
        default:
            var units: [TextUnit] = []
            try describe(value, into: &units)
            return Text(units)
        }
    }

    /// A value as it stands inside another: Python's `repr`.
    func describe(_ value: Value, into units: inout [TextUnit]) throws {
        try step()
        switch value {
        case .undefined: units += Array("Undefined")
        case .none: units += Array("None")
        case .bool(let bool): units += Array(bool ? "True" : "False")
        case .int(let int): units += Array(String(int))
        case .float(let float): units += Array(FloatText.shortest(float))
        case .text(let text):
            if text.isMarkup { units += Array("Markup(") }
            try quote(text.units, into: &units)
            if text.isMarkup { units.append(")") }
        case .list(let list): try describe(list.items, "[", "]", into: &units)
        case .tuple(let list): try describe(list.items, "(", list.items.count == 1 ? ",)" : ")", into: &units)
        case .mapping(let mapping): try describe(mapping.entries, into: &units)
        case .range(let range):
            units += Array("range(\(range.start), \(range.end)" + (range.step == 1 ? ")" : ", \(range.step))"))
        case .view(let view):
            units += Array("dict_\(view.kind.rawValue)(")
            try describe(view.items.items, "[", "])", into: &units)
        case .namespace(let namespace):
            units += Array("<Namespace ")
            // A namespace may hold itself.
            try nested { try describe(namespace.attributes.map { (.text($0.name), $0.value) }, into: &units) }
            units.append(">")
        case .loop(let loop):
            units += Array(
                "<LoopContext \(loop.index + 1)/\(try text(of: loop.attribute("length", self) ?? .none).string)>")
        case .macro(let macro): units += Array("<Macro '\(macro.definition.name)'>")
        case .iterator: units += Array("<generator>")
        case .function(let function): units += Array("<function \(function.name)>")
        }
        try charge(units: 8)
    }

    private func describe(
        _ items: [Value], _ opening: String, _ closing: String, into units: inout [TextUnit]
    ) throws {
        units += Array(opening)
        for (index, item) in items.enumerated() {
            if index > 0 { units += [",", " "] }
            try nested { try describe(item, into: &units) }
        }
        units += Array(closing)
    }

    private func describe(_ entries: [Mapping.Entry], into units: inout [TextUnit]) throws {
        units.append("{")
        for (index, entry) in entries.enumerated() {
            if index > 0 { units += [",", " "] }
            try describe(entry.key, into: &units)
            units += [":", " "]
            try nested { try describe(entry.value, into: &units) }
        }
        units.append("}")
    }

    /// A string as Python's source would have it.
    private func quote(_ text: [TextUnit], into units: inout [TextUnit]) throws {
        try charge(units: 2 * text.count)
        let quote: TextUnit = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        units.append(quote)
        for unit in text {
            switch unit.scalar {
            case "\n": units += "\\n".unicodeScalars.map(unit.with)
            case "\r": units += "\\r".unicodeScalars.map(unit.with)
            case "\t": units += "\\t".unicodeScalars.map(unit.with)
            case "\\": units += "\\\\".unicodeScalars.map(unit.with)
            case _ where unit == quote: units += [TextUnit("\\", isData: unit.isData), unit]
            case let scalar where scalar == " " || scalar.isPrintable: units.append(unit)
            case let scalar:
                let digits = String(scalar.value, radix: 16)
                let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
                let code = "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
                units += code.unicodeScalars.map(unit.with)
            }
        }
        units.append(quote)
    }
}

extension Unicode.Scalar {
    /// Whether Python shows it as it is, the space left aside.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }
}
