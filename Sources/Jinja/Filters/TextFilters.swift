extension Interpreter {
    static let textFilters: [String: Filter] = [
        "upper": mapping("upper", \.uppercased),
        "lower": mapping("lower", \.lowercased),
        "capitalize": mapping("capitalize", \.capitalized),
        "title": { interpreter, value, _ in try interpreter.text(titleByWords(try interpreter.text(of: value).units)) },
        "trim": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["chars"], of: "trim", interpreter)
            return try strip(interpreter, interpreter.text(of: value), bound["chars"], leading: true, trailing: true)
        },
        "string": { interpreter, value, _ in .text(try interpreter.text(of: value)) },
        "safe": { interpreter, value, _ in .text(Text(try interpreter.text(of: value).units, isMarkup: true)) },
        "escape": { interpreter, value, _ in try interpreter.text(interpreter.text(of: value).escaped) },
        "e": { interpreter, value, _ in try interpreter.text(interpreter.text(of: value).escaped) },
        "forceescape": { interpreter, value, _ in
            try interpreter.text(Text(interpreter.text(of: value).units).escaped)
        },
        "replace": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["old", "new", "count"], required: 2, of: "replace", interpreter)
            let count = bound["count"].flatMap { $0.isNone ? nil : $0 }
            let most = try interpreter.integer(count, "count", default: -1)
            return .text(
                try interpreter.replace(
                    interpreter.text(of: value).units, interpreter.text(of: bound["old"]!).units,
                    with: interpreter.text(of: bound["new"]!).units, most: most < 0 ? .max : most))
        },
        "indent": { try $0.indent($1, $2) },
        "center": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["width"], of: "center", interpreter)
            let text = try interpreter.text(of: value)
            let width = try interpreter.length(bound["width"], "width", default: 80)
            return .text(text.with(text.units.centered(in: width, " ")))
        },
        "truncate": { try $0.truncate($1, $2) },
        "wordcount": { interpreter, value, _ in
            var (count, isInWord) = (0, false)
            for unit in try interpreter.text(of: value).units {
                let isWord = unit.scalar == "_" || unit.scalar.isAlphanumeric
                if isWord, !isInWord { count += 1 }
                isInWord = isWord
            }
            return .int(count)
        },
        "format": { interpreter, value, arguments in
            let format = try interpreter.text(of: value)
            guard !arguments.named.isEmpty else {
                return .text(try interpreter.percentFormat(format, interpreter.tuple(arguments.positional)))
            }
            guard arguments.positional.isEmpty else { throw interpreter.fault("format takes either list or names") }
            let names = try interpreter.mapping(arguments.named.map { (.text($0.name), $0.value) })
            return .text(try interpreter.percentFormat(format, names))
        },
        "striptags": { interpreter, value, _ in
            let text = try interpreter.text(of: value).units.withoutTags
            return try interpreter.text(Array(text[...].words(most: .max, fromRight: false).joined(separator: [" "])))
        },
        "urlencode": { interpreter, value, _ in
            guard value.number != nil || value.isNone || ["str", "Markup"].contains(value.typeName) else {
                throw interpreter.fault("urlencode takes text here, not \(article(value.typeName))")
            }
            let text = try interpreter.text(of: value)
            try interpreter.charge(units: 12 * text.count)
            return .text(text.units.flatMap { unit in unit.percentEncoded })
        },
        "tojson": { try $0.json($1, $2) },
    ]

    /// Words begin behind white space, hyphens and opening brackets.
    private static func titleByWords(_ units: [TextUnit]) -> [TextUnit] {
        func isBreak(_ unit: TextUnit) -> Bool { unit.isSpace || "-({[<".unicodeScalars.contains(unit.scalar) }
        var result: [TextUnit] = []
        var rest = units[...]
        while let first = rest.first {
            let end = rest.firstIndex { isBreak($0) != isBreak(first) } ?? rest.endIndex
            result += [first].uppercased + Array(rest[(rest.startIndex + 1)..<end]).lowercased
            rest = rest[end...]
        }
        return result
    }

    private func indent(_ value: Value, _ arguments: Arguments) throws -> Value {
        let bound = try Bound(arguments, ["width", "first", "blank"], of: "indent", self)
        let text = try textArgument(value, "what is indented")
        let margin: [TextUnit]
        if case .text(let given) = bound["width"] {
            margin = text.admitting(given)
        } else {
            margin = Array(repeating: " ", count: max(0, try length(bound["width"], "width", default: 4)))
        }
        let isMarginForBlank = bound["blank"]?.isTrue ?? false
        let lines = (text.units + ["\n"])[...].lines(keepingEnds: false)
        try charge(units: text.count + lines.count.multipliedReportingOverflow(by: margin.count).partialValue)
        var result: [TextUnit] = bound["first"]?.isTrue == true ? margin : []
        for (index, line) in lines.enumerated() {
            if index > 0 {
                result.append("\n")
                if isMarginForBlank || !line.isEmpty { result += margin }
            }
            result += line
        }
        return .text(text.with(result))
    }

    private func truncate(_ value: Value, _ arguments: Arguments) throws -> Value {
        let bound = try Bound(arguments, ["length", "killwords", "end", "leeway"], of: "truncate", self)
        let length = try integer(bound["length"], "length", default: 255)
        let end = try bound["end"].map { try self.text(of: $0) } ?? Text("...")
        let leeway = try integer(bound["leeway"].flatMap { $0.isNone ? nil : $0 }, "leeway", default: 5)
        guard length >= end.count else { throw fault("truncate: the length must be at least that of the end") }
        guard leeway >= 0 else { throw fault("truncate: the leeway must not be below zero") }
        // What is short enough may be anything that has a length.
        let count = try count(of: value)
        if count - min(leeway, count) <= length { return value }
        let text = try textArgument(value, "what is truncated")
        var kept = text.units[..<(length - end.count)]
        if bound["killwords"]?.isTrue != true, let space = kept.lastIndex(of: " ") { kept = kept[..<space] }
        return .text(text.with(kept + text.admitting(end)))
    }
}

extension [TextUnit] {
    /// As Python's `center` puts it.
    func centered(in width: Int, _ fill: TextUnit) -> [TextUnit] {
        let margin = width - count
        guard margin > 0 else { return self }
        let left = margin / 2 + (margin & width & 1)
        return Array(repeating: fill, count: left) + self + Array(repeating: fill, count: margin - left)
    }

    fileprivate var withoutTags: [TextUnit] {
        var result: [TextUnit] = []
        var rest = self[...]
        while let start = rest.firstIndex(of: "<") {
            result += rest[..<start]
            rest = rest[start...]
            guard let end = rest.firstIndex(of: ">") else { break }
            rest = rest[(end + 1)...]
        }
        return result + rest
    }
}

extension TextUnit {
    fileprivate var percentEncoded: [TextUnit] {
        if scalar.isASCII, scalar.isAlphanumeric || "_.-~/".unicodeScalars.contains(scalar) { return [self] }
        return String(scalar).utf8.flatMap { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return ("%" + (digits.count < 2 ? "0" : "") + digits).unicodeScalars.map(with)
        }
    }
}

extension Unicode.Scalar {
    /// Python's `isalnum`.
    var isAlphanumeric: Bool { isLetter || properties.numericType != nil }

    /// Python's `isalpha`.
    var isLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }
}
