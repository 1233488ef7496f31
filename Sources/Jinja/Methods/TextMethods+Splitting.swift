extension Interpreter {
    static let splittingMethods: [String: TextMethod] = [
        "split": { try $0.split($1, $2, "split", fromRight: false) },
        "rsplit": { try $0.split($1, $2, "rsplit", fromRight: true) },
        "splitlines": { interpreter, text, arguments in
            let bound = try Bound(arguments, ["keepends"], of: "splitlines", interpreter)
            return try interpreter.parts(
                text.units[...].lines(keepingEnds: bound["keepends"]?.isTrue ?? false), of: text)
        },
        "partition": { try $0.partition($1, $2, "partition", fromRight: false) },
        "rpartition": { try $0.partition($1, $2, "rpartition", fromRight: true) },
        "join": { interpreter, text, arguments in
            let bound = try Bound(arguments, ["iterable"], required: 1, of: "join", interpreter)
            let parts = try interpreter.elements(of: bound["iterable"]!).map { item in
                text.admitting(try interpreter.textArgument(item, "each part of join()"))[...]
            }
            return .text(text.with(try interpreter.join(parts, text.units)))
        },
    ]

    private func parts(_ parts: [ArraySlice<TextUnit>], of text: Text) throws -> Value {
        try charge(units: text.count)
        return try list(parts.map { .text(text.with($0)) })
    }

    private func split(_ text: Text, _ arguments: Arguments, _ name: String, fromRight: Bool) throws -> Value {
        let bound = try Bound(arguments, ["sep", "maxsplit"], of: name, self)
        let limit = try integer(bound["maxsplit"], "maxsplit", default: -1)
        let most = limit < 0 ? Int.max : limit
        guard let separator = bound["sep"], !separator.isNone else {
            return try parts(text.units[...].words(most: most, fromRight: fromRight), of: text)
        }
        let units = try textArgument(separator, "the separator").units
        if units.isEmpty { throw fault("the separator of \(name)() is empty") }
        return try parts(split(text.units, at: units, most: most, fromRight: fromRight), of: text)
    }

    private func partition(_ text: Text, _ arguments: Arguments, _ name: String, fromRight: Bool) throws -> Value {
        let bound = try Bound(arguments, ["sep"], required: 1, of: name, self)
        let separator = try textArgument(bound["sep"], "the separator").units
        if separator.isEmpty { throw fault("the separator of \(name)() is empty") }
        let parts = try split(text.units, at: separator, most: 1, fromRight: fromRight)
        let nothing = text.units[..<0]
        let three =
            parts.count == 2
            ? [parts[0], separator[...], parts[1]]
            : fromRight ? [nothing, nothing, parts[0]] : [parts[0], nothing, nothing]
        return try tuple(three.map { .text(text.with($0)) })
    }
}
