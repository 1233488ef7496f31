extension Interpreter {
    static let searchMethods: [String: TextMethod] = [
        "startswith": { try $0.has($1, $2, "startswith") { $0.starts(with: $1) } },
        "endswith": {
            try $0.has($1, $2, "endswith") { $0.count >= $1.count && $0.suffix($1.count).elementsEqual($1) }
        },
        "find": { .int(try $0.find($1, $2, "find", fromRight: false) ?? -1) },
        "rfind": { .int(try $0.find($1, $2, "rfind", fromRight: true) ?? -1) },
        "index": { interpreter, text, arguments in
            guard let place = try interpreter.find(text, arguments, "index", fromRight: false) else {
                throw interpreter.fault("index(): the string does not hold this")
            }
            return .int(place)
        },
        "rindex": { interpreter, text, arguments in
            guard let place = try interpreter.find(text, arguments, "rindex", fromRight: true) else {
                throw interpreter.fault("rindex(): the string does not hold this")
            }
            return .int(place)
        },
        "count": { interpreter, text, arguments in
            let (part, range) = try interpreter.searched(text, arguments, "count")
            guard let range else { return .int(0) }
            if part.isEmpty { return .int(range.count + 1) }
            return .int(try interpreter.places(of: part.units, in: Array(text.units[range])).count)
        },
        "replace": { interpreter, text, arguments in
            let bound = try Bound(arguments, ["old", "new", "count"], required: 2, of: "replace", interpreter)
            let old = try interpreter.textArgument(bound["old"], "what to replace")
            let new = try interpreter.textArgument(bound["new"], "the replacement")
            let most = try interpreter.integer(bound["count"], "count", default: -1)
            return .text(
                text.with(
                    try interpreter.replace(
                        text.units, text.admitting(old), with: text.admitting(new), most: most < 0 ? .max : most)))
        },
        "removeprefix": { interpreter, text, arguments in
            let part = try interpreter.textArgument(arguments.positional.first, "the prefix").units
            return .text(text.with(text.units.starts(with: part) ? text.units[part.count...] : text.units[...]))
        },
        "removesuffix": { interpreter, text, arguments in
            let part = try interpreter.textArgument(arguments.positional.first, "the suffix").units
            let ends = !part.isEmpty && text.count >= part.count && text.units.suffix(part.count).elementsEqual(part)
            return .text(text.with(ends ? text.units.dropLast(part.count) : text.units[...]))
        },
    ]

    /// What is looked for, and where: `(part, start, end)`; no range where it begins behind its end.
    private func searched(_ text: Text, _ arguments: Arguments, _ name: String) throws -> (Text, Range<Int>?) {
        let bound = try Bound(arguments, ["sub", "start", "end"], required: 1, of: name, self)
        return (try textArgument(bound["sub"], "what to look for"), try range(bound, in: text))
    }

    private func range(_ bound: Bound, in text: Text) throws -> Range<Int>? {
        func place(_ name: String, _ standard: Int) throws -> Int {
            guard let value = bound[name], !value.isNone else { return standard }
            let place = try integer(value, name, default: standard)
            return place < 0 ? max(0, max(place, -text.count) + text.count) : place
        }
        let (start, end) = (try place("start", 0), min(try place("end", text.count), text.count))
        return start <= end ? start..<end : nil
    }

    private func find(_ text: Text, _ arguments: Arguments, _ name: String, fromRight: Bool) throws -> Int? {
        let (part, range) = try searched(text, arguments, name)
        guard let range else { return nil }
        if part.isEmpty { return fromRight ? range.upperBound : range.lowerBound }
        if !fromRight { return try firstPlace(of: part.units, in: text.units[range]) }
        let place = try firstPlace(of: part.units.reversed(), in: Array(text.units[range].reversed())[...])
        return place.map { range.upperBound - $0 - part.count }
    }

    private func has(
        _ text: Text, _ arguments: Arguments, _ name: String, _ matches: (ArraySlice<TextUnit>, [TextUnit]) -> Bool
    ) throws -> Value {
        let bound = try Bound(arguments, ["prefix", "start", "end"], required: 1, of: name, self)
        var parts = [bound["prefix"]!]
        if case .tuple(let several) = parts[0] { parts = several.items }
        guard let range = try range(bound, in: text) else { return .bool(false) }
        return .bool(
            try parts.contains { part in
                try step()
                return matches(text.units[range], try textArgument(part, "\(name)(): what to look for").units)
            })
    }
}
