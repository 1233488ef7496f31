extension Interpreter {
    /// Python's `str.format`.
    func braceFormat(_ format: Text, _ arguments: Arguments) throws -> Text {
        var nextPlace: Int? = 0
        return format.with(
            try braceFormat(format.units[...], arguments, isMarkup: format.isMarkup, &nextPlace, level: 2))
    }

    private func braceFormat(
        _ format: ArraySlice<TextUnit>, _ arguments: Arguments, isMarkup: Bool, _ nextPlace: inout Int?, level: Int
    ) throws -> [TextUnit] {
        guard level > 0 else { throw fault("a format has too many braces inside each other") }
        var result: [TextUnit] = []
        var rest = format
        while let unit = rest.popFirst() {
            try charge(units: 1)
            if unit == "{" || unit == "}", rest.first == unit {
                result.append(unit)
                rest.removeFirst()
            } else if unit == "{" {
                let field = try field(&rest)
                let text = try formatted(field, arguments, isMarkup: isMarkup, &nextPlace, level: level)
                try charge(units: text.count)
                result += text
            } else if unit == "}" {
                throw fault("a format has a '}' without a '{'")
            } else {
                result.append(unit)
            }
        }
        return result
    }

    /// What stands between braces, up to the closing one.
    private func field(_ rest: inout ArraySlice<TextUnit>) throws -> ArraySlice<TextUnit> {
        var open = 1
        for index in rest.indices {
            if rest[index] == "{" { open += 1 } else if rest[index] == "}" { open -= 1 }
            guard open == 0 else { continue }
            defer { rest = rest[(index + 1)...] }
            return rest[..<index]
        }
        throw fault("a format has a '{' without a '}'")
    }

    private func formatted(
        _ field: ArraySlice<TextUnit>, _ arguments: Arguments, isMarkup: Bool, _ nextPlace: inout Int?, level: Int
    ) throws -> [TextUnit] {
        let end = field.firstIndex { $0 == "!" || $0 == ":" } ?? field.endIndex
        var value = try fieldValue(field[..<end], arguments, &nextPlace)
        var rest = field[end...]
        if rest.popFirst() == "!" {
            guard let conversion = rest.popFirst(), "sra".unicodeScalars.contains(conversion.scalar),
                rest.popFirst() ?? ":" == ":"
            else {
                throw fault("a format has an unknown conversion")
            }
            if conversion == "s" {
                value = .text(try text(of: value))
            } else {
                var units: [TextUnit] = []
                try describe(value, into: &units)
                value = .text(units)
            }
        }
        let specification = try braceFormat(rest, arguments, isMarkup: false, &nextPlace, level: level - 1)
        let text = try formatted(value, specification)
        return isMarkup ? Text(text).escaped.units : text
    }

    /// `name.attribute[item]`
    private func fieldValue(
        _ path: ArraySlice<TextUnit>, _ arguments: Arguments, _ nextPlace: inout Int?
    ) throws -> Value {
        let name = path.prefix { $0 != "." && $0 != "[" }
        var rest = path.dropFirst(name.count)
        var value: Value
        if name.isEmpty, nextPlace == nil { throw fault("a format numbers some of its values, and not others") }
        if let place = name.isEmpty ? nextPlace : Int(name.string) {
            if name.isEmpty { nextPlace = place + 1 } else if nextPlace == 0 { nextPlace = nil }
            guard name.isEmpty || nextPlace == nil else {
                throw fault("a format numbers some of its values, and not others")
            }
            guard arguments.positional.indices.contains(place) else { throw fault("a format has too few values") }
            value = arguments.positional[place]
        } else {
            guard let named = arguments[name.string] else { throw fault("a format's '\(name.string)' is not given") }
            value = named
        }
        while let opening = rest.popFirst() {
            if opening == "." {
                let attribute = rest.prefix { $0 != "." && $0 != "[" }
                rest = rest.dropFirst(attribute.count)
                value = try self.attribute(attribute.string, of: value)
            } else {
                let key = rest.prefix { $0 != "]" }
                rest = rest.dropFirst(key.count + 1)
                value = try item(Int(key.string).map(Value.int) ?? .text(Array(key)), of: value)
            }
        }
        return value
    }

    private func formatted(_ value: Value, _ units: [TextUnit]) throws -> [TextUnit] {
        if units.isEmpty { return try text(of: value).units }
        guard let specification = FormatSpecification(units) else {
            throw fault("'\(units.string)' is no way to format a value")
        }
        try charge(units: specification.width + (specification.precision ?? 0))
        let unfit = fault("'\(units.string)' does not go with \(article(value.typeName))")
        switch value {
        case .bool where specification.type == nil, .text:
            guard specification.type ?? "s" == "s", specification.alignment != "=" else { throw unfit }
            let text = try text(of: value).units.prefix(specification.precision ?? .max)
            return specification.padded(Array(text), isNumber: false)
        case .int, .bool:
            guard let text = specification.text(value.integer!) else { throw unfit }
            return text
        case .float(let number):
            guard let text = specification.text(number) else { throw unfit }
            return text
        default: throw unfit
        }
    }
}
