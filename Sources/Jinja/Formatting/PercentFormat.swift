extension Interpreter {
    /// `format % values`, as in C, with names in parentheses where a mapping is given.
    func percentFormat(_ format: Text, _ values: Value) throws -> Text {
        var reader = PercentReader(format.units)
        var values = PercentValues(values)
        var result: [TextUnit] = []
        while let part = try reader.next(fault) {
            switch part {
            case .text(let units): result += units
            case .value(var conversion):
                if conversion.takesWidth { conversion.setWidth(try values.next(self).integer, self.fault) }
                if conversion.takesPrecision {
                    conversion.specification.precision = max(0, try values.next(self).integer ?? 0)
                }
                guard conversion.specification.width <= FormatSpecification.largestSize,
                    (conversion.specification.precision ?? 0) <= FormatSpecification.largestSize
                else { throw fault("a field of a format is too wide") }
                try charge(units: conversion.specification.width + (conversion.specification.precision ?? 0))
                let value = try conversion.name.map { try values.named($0, self) } ?? values.next(self)
                let text = try converted(value, conversion, isMarkup: format.isMarkup)
                try charge(units: text.count)
                result += text
            }
        }
        guard values.isUsedUp else { throw fault("not all values of a format are used") }
        try charge(units: result.count)
        return format.with(result)
    }

    private func converted(_ value: Value, _ conversion: PercentReader.Conversion, isMarkup: Bool) throws -> [TextUnit]
    {
        var specification = conversion.specification
        specification.type = conversion.type
        switch conversion.type {
        case "s", "r", "a":
            var text = try conversion.type == "s" ? text(of: value) : Text([])
            if conversion.type != "s" { try describe(value, into: &text.units) }
            if isMarkup { text = text.escaped }
            let cut = text.units.prefix(specification.precision ?? .max)
            if specification.alignment == nil || specification.alignment == "=" { specification.alignment = ">" }
            specification.fill = " "
            return specification.padded(Array(cut), isNumber: false)
        case "c":
            if case .text(let text) = value, text.count == 1 { return specification.padded(text.units, isNumber: true) }
            guard let code = value.integer, let result = specification.text(code) else {
                throw fault("%c needs a character")
            }
            return result
        case "d", "i", "u", "x", "X", "o":
            guard let number = value.number else {
                throw fault("%\(conversion.type) needs a number, not \(article(value.typeName))")
            }
            guard
                let whole = value.integer
                    ?? (conversion.type == "d" || conversion.type == "i" || conversion.type == "u"
                        ? Int(exactly: number.rounded(.towardZero)) : nil)
            else { throw fault("%\(conversion.type) needs a whole number") }
            if conversion.type == "i" || conversion.type == "u" { specification.type = "d" }
            let digits = specification.precision
            specification.precision = nil
            if let digits, digits > 0 { return try zeroFilled(whole, digits, specification) }
            return specification.text(whole) ?? []
        case "e", "E", "f", "F", "g", "G":
            guard let number = value.number, let result = specification.text(number) else {
                throw fault("%\(conversion.type) needs a number, not \(article(value.typeName))")
            }
            return result
        default: throw fault("a format has the unknown conversion '%\(conversion.type)'")
        }
    }

    /// A whole number with at least so many digits.
    private func zeroFilled(_ value: Int, _ digits: Int, _ specification: FormatSpecification) throws -> [TextUnit] {
        var inner = specification
        (inner.width, inner.fill, inner.alignment) = (digits + (value < 0 || inner.sign != "-" ? 1 : 0), "0", "=")
        return specification.padded(inner.text(value) ?? [], isNumber: true)
    }
}

/// The values of a `%`: a tuple's one after the other, a mapping's by name, or a single one.
private struct PercentValues {
    private let mapping: Mapping?
    private var items: ArraySlice<Value>
    /// Python minds values that are left over only where they are one value or a tuple.
    private let mayBeLeft: Bool

    init(_ value: Value) {
        if case .mapping(let mapping) = value { self.mapping = mapping } else { mapping = nil }
        if case .tuple(let list) = value { items = list.items[...] } else { items = [value] }
        mayBeLeft =
            switch value {
            case .mapping, .list, .range, .undefined: true
            default: false
            }
    }

    mutating func next(_ interpreter: Interpreter) throws -> Value {
        guard let value = items.popFirst() else { throw interpreter.fault("a format has too few values") }
        return value
    }

    func named(_ name: [TextUnit], _ interpreter: Interpreter) throws -> Value {
        guard let mapping else { throw interpreter.fault("a format with names needs a mapping") }
        guard let value = mapping[.text(name)] else {
            throw interpreter.fault("a format's '\(name.string)' is not given")
        }
        return value
    }

    var isUsedUp: Bool { items.isEmpty || mayBeLeft }
}

/// Cuts a `%` format into text and conversions.
struct PercentReader {
    struct Conversion {
        var name: [TextUnit]?
        var specification = FormatSpecification()
        var takesWidth = false
        var takesPrecision = false
        var type: Unicode.Scalar = "s"

        mutating func setWidth(_ width: Int?, _ fault: (String) -> TemplateError) {
            let width = max(-FormatSpecification.largestSize - 1, min(width ?? 0, FormatSpecification.largestSize + 1))
            specification.width = abs(width)
            if width < 0 { specification.alignment = "<" }
        }
    }

    enum Part {
        case text(ArraySlice<TextUnit>)
        case value(Conversion)
    }

    private var rest: ArraySlice<TextUnit>

    init(_ format: [TextUnit]) { rest = format[...] }

    mutating func next(_ fault: (String) -> TemplateError) throws -> Part? {
        guard let first = rest.first else { return nil }
        if first != "%" {
            let text = rest.prefix { $0 != "%" }
            rest = rest.dropFirst(text.count)
            return .text(text)
        }
        rest.removeFirst()
        var conversion = Conversion()
        if rest.first == "(" {
            let name = rest.dropFirst().prefix { $0 != ")" }
            rest = rest.dropFirst(name.count + 1)
            guard rest.popFirst() != nil else { throw fault("a name in a format is not closed") }
            conversion.name = Array(name)
        }
        readFlags(&conversion)
        if rest.first == "*" {
            conversion.takesWidth = true
            rest.removeFirst()
        } else {
            conversion.specification.width = number()
        }
        if rest.first == "." {
            rest.removeFirst()
            if rest.first == "*" {
                conversion.takesPrecision = true
                rest.removeFirst()
            } else {
                conversion.specification.precision = number()
            }
        }
        while let next = rest.first, "hlL".unicodeScalars.contains(next.scalar) { rest.removeFirst() }
        guard let type = rest.popFirst() else { throw fault("a format ends inside a conversion") }
        if type == "%" { return .text([type]) }
        conversion.type = type.scalar
        return .value(conversion)
    }

    private mutating func readFlags(_ conversion: inout Conversion) {
        var fillsWithZero = false
        while let flag = rest.first?.scalar, "#0- +".unicodeScalars.contains(flag) {
            rest.removeFirst()
            switch flag {
            case "#": conversion.specification.isAlternate = true
            case "0": fillsWithZero = true
            case "-": conversion.specification.alignment = "<"
            case "+": conversion.specification.sign = "+"
            default: if conversion.specification.sign != "+" { conversion.specification.sign = " " }
            }
        }
        if fillsWithZero, conversion.specification.alignment == nil {
            (conversion.specification.fill, conversion.specification.alignment) = ("0", "=")
        }
    }

    /// Digits as a number, too large ones as one that is refused.
    private mutating func number() -> Int {
        let digits = rest.prefix { ("0"..."9").contains($0.scalar) }
        rest = rest.dropFirst(digits.count)
        return digits.isEmpty ? 0 : min(Int(digits.string) ?? .max, FormatSpecification.largestSize + 1)
    }
}
