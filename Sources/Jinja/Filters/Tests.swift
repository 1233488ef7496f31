extension Interpreter {
    typealias Test = @Sendable (Interpreter, Value, Arguments) throws -> Bool

    /// Everything that can stand behind `is`.
    static let tests: [String: Test] = typeTests.merging(comparisonTests) { first, _ in first }

    private static let typeTests: [String: Test] = [
        "defined": { _, value, _ in !value.isUndefined },
        "undefined": { _, value, _ in value.isUndefined },
        "none": { _, value, _ in value.isNone },
        "boolean": { _, value, _ in if case .bool = value { true } else { false } },
        "true": { _, value, _ in if case .bool(true) = value { true } else { false } },
        "false": { _, value, _ in if case .bool(false) = value { true } else { false } },
        "integer": { _, value, _ in if case .int = value { true } else { false } },
        "float": { _, value, _ in if case .float = value { true } else { false } },
        "number": { _, value, _ in value.number != nil },
        "string": { _, value, _ in if case .text = value { true } else { false } },
        "mapping": { _, value, _ in if case .mapping = value { true } else { false } },
        "sequence": { _, value, _ in
            switch value {
            case .text, .list, .tuple, .mapping, .range, .undefined: true
            default: false
            }
        },
        "iterable": { _, value, _ in
            switch value {
            case .text, .list, .tuple, .mapping, .range, .view, .iterator, .undefined, .loop: true
            default: false
            }
        },
        "callable": { _, value, _ in
            switch value {
            case .function, .macro, .loop, .undefined: true
            default: false
            }
        },
        "escaped": { _, value, _ in if case .text(let text) = value { text.isMarkup } else { false } },
        "lower": { interpreter, value, _ in try interpreter.text(of: value).units.isLower },
        "upper": { interpreter, value, _ in try interpreter.text(of: value).units.isUpper },
        "filter": { _, value, _ in if case .text(let name) = value { filters[name.string] != nil } else { false } },
        "test": { _, value, _ in if case .text(let name) = value { tests[name.string] != nil } else { false } },
        "odd": { interpreter, value, _ in try interpreter.remainder(of: value, by: .int(2), is: 1) },
        "even": { interpreter, value, _ in try interpreter.remainder(of: value, by: .int(2), is: 0) },
        "divisibleby": { interpreter, value, arguments in
            try interpreter.remainder(of: value, by: interpreter.operand(arguments, "divisibleby"), is: 0)
        },
        "sameas": { interpreter, value, arguments in
            try isSame(value, interpreter.operand(arguments, "sameas"), interpreter)
        },
    ]

    private static let comparisonTests: [String: Test] = {
        var tests: [String: Test] = [:]
        let operations: [(Comparison, [String])] = [
            (.equal, ["eq", "equalto", "=="]), (.unequal, ["ne", "!="]), (.less, ["lt", "lessthan", "<"]),
            (.lessOrEqual, ["le", "<="]), (.greater, ["gt", "greaterthan", ">"]), (.greaterOrEqual, ["ge", ">="]),
            (.isIn, ["in"]),
        ]
        for (operation, names) in operations {
            for name in names {
                tests[name] = { interpreter, value, arguments in
                    try interpreter.compare(operation, value, interpreter.operand(arguments, name))
                }
            }
        }
        return tests
    }()

    private func operand(_ arguments: Arguments, _ test: String) throws -> Value {
        guard arguments.positional.count == 1, arguments.named.isEmpty else {
            if arguments.positional.isEmpty, arguments.named.count == 1 { return arguments.named[0].value }
            throw fault("the test '\(test)' takes one argument")
        }
        return arguments.positional[0]
    }

    private func remainder(of value: Value, by divisor: Value, is wanted: Int) throws -> Bool {
        try equal(arithmetic(.remainder, value, divisor), .int(wanted))
    }

    /// Whether both are one object, as far as values are objects here.
    private static func isSame(_ left: Value, _ right: Value, _ interpreter: Interpreter) throws -> Bool {
        switch (left, right) {
        case (.bool(let a), .bool(let b)): a == b
        case (.int, .int), (.text, .text), (.none, .none): try interpreter.equal(left, right)
        case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)): a === b
        case (.mapping(let a), .mapping(let b)): a === b
        case (.namespace(let a), .namespace(let b)): a === b
        case (.loop(let a), .loop(let b)): a === b
        case (.macro(let a), .macro(let b)): a === b
        case (.iterator(let a), .iterator(let b)): a === b
        default: false
        }
    }
}
