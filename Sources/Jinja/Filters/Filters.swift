extension Interpreter {
    typealias Filter = @Sendable (Interpreter, Value, Arguments) throws -> Value

    /// Everything that can stand behind a `|`.
    static let filters: [String: Filter] = textFilters.merging(sequenceFilters) { first, _ in first }
        .merging(selectionFilters) { first, _ in first }.merging(numberFilters) { first, _ in first }

    /// A filter that takes text and gives text of the same kind.
    static func mapping(_ name: String, _ body: @escaping @Sendable ([TextUnit]) -> [TextUnit]) -> Filter {
        { interpreter, value, arguments in
            _ = try Bound(arguments, [], of: name, interpreter)
            let text = try interpreter.text(of: value)
            return try interpreter.text(text.with(body(text.units)))
        }
    }

    /// A whole number among the arguments.
    func integer(_ value: Value?, _ name: String, default standard: Int) throws -> Int {
        guard let value else { return standard }
        guard let integer = value.integer else {
            throw fault("'\(name)' must be a whole number, not \(article(value.typeName))")
        }
        return integer
    }

    /// How wide or long something is to be, for text that is made.
    func length(_ value: Value?, _ name: String, default standard: Int) throws -> Int {
        let length = try integer(value, name, default: standard)
        try charge(units: max(0, length))
        return length
    }
}
