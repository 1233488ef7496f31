extension Interpreter {
    /// The functions that every template can call.
    func globalFunction(_ name: String) -> Value? { Self.globals[name].map { .function(Function(name, $0)) } }

    private static let globals: [String: @Sendable (Interpreter, Arguments) throws -> Value] = [
        "range": { try $0.range($1) },
        "dict": { interpreter, arguments in try interpreter.mapping(interpreter.entries(arguments, of: "dict")) },
        "namespace": { interpreter, arguments in
            let namespace = try interpreter.makeNamespace()
            for (key, value) in try interpreter.entries(arguments, of: "namespace") {
                try interpreter.set(interpreter.text(of: key).string, value, in: namespace)
            }
            return .namespace(namespace)
        },
        "raise_exception": { interpreter, arguments in
            let bound = try Bound(arguments, ["message"], required: 1, of: "raise_exception", interpreter)
            throw TemplateError(.refusal, try interpreter.text(of: bound["message"]!).string, line: interpreter.line)
        },
        "strftime_now": { interpreter, arguments in
            let bound = try Bound(arguments, ["format"], required: 1, of: "strftime_now", interpreter)
            guard case .text(let format) = bound["format"]! else {
                throw interpreter.fault("strftime_now() needs a string")
            }
            guard let date = interpreter.date else { throw interpreter.fault("the date is not known here") }
            return try interpreter.text(date.formatted(format.units))
        },
        "joiner": { interpreter, arguments in
            let bound = try Bound(arguments, ["sep"], of: "joiner", interpreter)
            let separator = bound["sep"] ?? .text(", ")
            var isUsed = false
            return try interpreter.function("joiner", of: separator) { _, _ in
                defer { isUsed = true }
                return isUsed ? separator : .text("")
            }
        },
        "cycler": { try $0.cycler($1) },
    ]

    private func range(_ arguments: Arguments) throws -> Value {
        let numbers = try arguments.positional.map { value in
            guard let number = value.integer else {
                throw fault("range() needs whole numbers, not \(article(value.typeName))")
            }
            return number
        }
        guard arguments.named.isEmpty, (1...3).contains(numbers.count) else {
            throw fault("range() takes one to three numbers")
        }
        let (start, end) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
        let step = numbers.count == 3 ? numbers[2] : 1
        if step == 0 { throw fault("range() cannot go by steps of zero") }
        let (distance, overflows) =
            step > 0 ? end.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(end)
        if distance <= 0 && !overflows || overflows && (step > 0) == (end < start) {
            return .range(Progression(start: start, end: end, step: step, count: 0))
        }
        let count = overflows ? Int.max : Int((distance.magnitude - 1) / step.magnitude) + 1
        if count > Self.longestRange { throw fault("range() of more than \(Self.longestRange) numbers") }
        return .range(Progression(start: start, end: end, step: step, count: count))
    }

    /// The sandbox's own limit.
    private static let longestRange = 100_000

    /// Entries as Python's `dict` takes them: a mapping or pairs, and names.
    private func entries(_ arguments: Arguments, of function: String) throws -> [Mapping.Entry] {
        guard arguments.positional.count <= 1 else { throw fault("\(function)() takes one mapping or list of pairs") }
        var entries: [Mapping.Entry] = []
        if let first = arguments.positional.first {
            if case .mapping(let mapping) = first {
                entries = mapping.entries
            } else {
                for pair in try elements(of: first) {
                    let items = try elements(of: pair)
                    guard items.count == 2 else { throw fault("\(function)() needs pairs") }
                    entries.append((items[0], items[1]))
                }
            }
        }
        return entries + arguments.named.map { (.text($0.name), $0.value) }
    }

    private func cycler(_ arguments: Arguments) throws -> Value {
        guard !arguments.positional.isEmpty, arguments.named.isEmpty else {
            throw fault("cycler() needs at least one item")
        }
        let items = try makeList(arguments.positional)
        var place = 0
        let next = try function("next", of: .list(items)) { _, _ in
            defer { place = (place + 1) % items.items.count }
            return items.items[place]
        }
        let reset = try function("reset", of: .list(items)) { _, _ in
            place = 0
            return .none
        }
        return .function(
            Function(
                "cycler", depth: items.depth,
                attributes: ["next": { next }, "reset": { reset }, "current": { items.items[place] }]
            ) { interpreter, _ in throw interpreter.fault("a cycler cannot be called; use its next()") })
    }
}
