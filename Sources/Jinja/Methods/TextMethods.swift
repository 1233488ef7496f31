extension Interpreter {
    typealias TextMethod = @Sendable (Interpreter, Text, Arguments) throws -> Value

    /// The methods of strings.
    static let textMethods: [String: TextMethod] = caseMethods.merging(searchMethods) { first, _ in first }
        .merging(splittingMethods) { first, _ in first }.merging(kindMethods) { first, _ in first }

    private static func mapped(_ body: @escaping @Sendable ([TextUnit]) -> [TextUnit]) -> TextMethod {
        { interpreter, text, arguments in
            guard arguments.isEmpty else { throw interpreter.fault("this method of strings takes no arguments") }
            return try interpreter.text(text.with(body(text.units)))
        }
    }

    private static let caseMethods: [String: TextMethod] = [
        "upper": mapped(\.uppercased),
        "lower": mapped(\.lowercased),
        "casefold": mapped(\.lowercased),
        "capitalize": mapped(\.capitalized),
        "title": mapped(\.titled),
        "swapcase": mapped(\.swapped),
        "strip": { try strip($0, $1, Bound($2, ["chars"], of: "strip", $0)["chars"], leading: true, trailing: true) },
        "lstrip": {
            try strip($0, $1, Bound($2, ["chars"], of: "lstrip", $0)["chars"], leading: true, trailing: false)
        },
        "rstrip": {
            try strip($0, $1, Bound($2, ["chars"], of: "rstrip", $0)["chars"], leading: false, trailing: true)
        },
        "center": { try $0.padded($1, $2, "center") { text, width, fill in text.centered(in: width, fill) } },
        "ljust": { try $0.padded($1, $2, "ljust") { $0 + Array(repeating: $2, count: max(0, $1 - $0.count)) } },
        "rjust": { try $0.padded($1, $2, "rjust") { Array(repeating: $2, count: max(0, $1 - $0.count)) + $0 } },
        "zfill": { interpreter, text, arguments in
            let bound = try Bound(arguments, ["width"], required: 1, of: "zfill", interpreter)
            let width = try interpreter.length(bound["width"], "width", default: 0)
            let zeros = Array(repeating: TextUnit("0"), count: max(0, width - text.count))
            let signs = text.units.prefix { $0 == "-" || $0 == "+" }.prefix(1)
            return .text(text.with(signs + zeros + text.units[signs.count...]))
        },
        "format": { interpreter, text, arguments in .text(try interpreter.braceFormat(text, arguments)) },
    ]

    /// Without white space, or the characters named, at the ends.
    static func strip(
        _ interpreter: Interpreter, _ text: Text, _ characters: Value?, leading: Bool, trailing: Bool
    ) throws -> Value {
        guard let characters, !characters.isNone else {
            return .text(text.with(text.units[...].trimmed(leading: leading, trailing: trailing, \.isSpace)))
        }
        let taken = Set(try interpreter.textArgument(characters, "what to strip").units)
        return .text(text.with(text.units[...].trimmed(leading: leading, trailing: trailing, taken.contains)))
    }

    func textArgument(_ value: Value?, _ name: String) throws -> Text {
        guard case .text(let text) = value else { throw fault("\(name) must be a string") }
        return text
    }

    private func padded(
        _ text: Text, _ arguments: Arguments, _ name: String, _ body: ([TextUnit], Int, TextUnit) -> [TextUnit]
    ) throws -> Value {
        let bound = try Bound(arguments, ["width", "fillchar"], required: 1, of: name, self)
        let fill = try bound["fillchar"].map { try textArgument($0, "the fill character").units } ?? [" "]
        guard fill.count == 1 else { throw fault("the fill character must be one character") }
        return .text(text.with(body(text.units, try length(bound["width"], "width", default: 0), fill[0])))
    }

    private static let kindMethods: [String: TextMethod] = [
        "isspace": all(\.isSpace),
        "isalpha": all { $0.scalar.isLetter },
        "isalnum": all { $0.scalar.isAlphanumeric },
        "isdigit": all { $0.scalar.properties.numericType == .decimal || $0.scalar.properties.numericType == .digit },
        "isdecimal": all { $0.scalar.properties.numericType == .decimal },
        "isnumeric": all { $0.scalar.properties.numericType != nil },
        "isascii": { _, text, _ in .bool(text.units.allSatisfy { $0.value < 0x80 }) },
        "isprintable": { _, text, _ in .bool(text.units.allSatisfy { $0 == " " || $0.scalar.isPrintable }) },
        "isupper": { _, text, _ in .bool(text.units.isUpper) },
        "islower": { _, text, _ in .bool(text.units.isLower) },
        "istitle": { _, text, _ in
            let hasCase = text.units.contains { $0.scalar.properties.isCased }
            return .bool(hasCase && text.units.titled == text.units)
        },
        "isidentifier": { _, text, _ in
            guard let first = text.units.first, first == "_" || first.scalar.properties.isXIDStart else {
                return .bool(false)
            }
            return .bool(text.units.allSatisfy { $0.scalar.properties.isXIDContinue })
        },
    ]

    private static func all(_ isKind: @escaping @Sendable (TextUnit) -> Bool) -> TextMethod {
        { _, text, _ in .bool(!text.isEmpty && text.units.allSatisfy(isKind)) }
    }
}
