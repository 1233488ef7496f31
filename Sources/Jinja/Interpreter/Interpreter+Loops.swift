extension Interpreter {
    /// Runs a loop, or a deeper level of one.
    func run(_ definition: LoopDefinition, over items: Value, outer: Loop?, _ scope: Scope) throws -> Flow {
        let items = try elements(of: items)
        let loop = Loop(
            definition, items, level: outer.map { $0.level + 1 } ?? 0,
            depth: try makeList(items).depth, scope)
        var hasFinishedOnce = false
        while try loop.advance(self) {
            try step()
            let inner = Scope(in: scope)
            inner.set("loop", .loop(loop))
            if let item = loop.current { try assign(item, to: definition.target, inner) }
            let flow = try run(definition.body, inner)
            if flow == .breakLoop { break }
            if flow == .normal { hasFinishedOnce = true }
        }
        // Jinja's rule: `else` is for loops whose body never came to its end, left early or not begun.
        if !hasFinishedOnce { return try run(definition.otherwise, Scope(in: scope)) }
        return .normal
    }

    /// `loop(items)` in a recursive loop: its body for these items, as text.
    func recurse(_ loop: Loop, _ arguments: Arguments) throws -> Value {
        guard loop.definition.isRecursive else {
            throw fault("the loop must be marked recursive to be called")
        }
        let bound = try Bound(arguments, ["iterable"], required: 1, of: "loop", self)
        let outerLine = line
        defer { line = outerLine }
        let (_, text) = try captured {
            try nested { try run(loop.definition, over: bound["iterable"]!, outer: loop, loop.scope) }
        }
        return .text(text)
    }

    /// What a loop goes through, and what filters take: the items of a value that has some.
    func elements(of value: Value) throws -> [Value] {
        switch value {
        case .list(let list), .tuple(let list): return list.items
        case .mapping(let mapping): return mapping.entries.map(\.key)
        case .view(let view): return view.items.items
        case .iterator(let iterator): return iterator.rest()
        case .undefined: return []
        case .text(let text):
            try charge(values: text.count)
            return text.units.map { .text([$0]) }
        case .range(let range):
            try charge(values: range.count)
            return (0..<range.count).map { .int(range[$0]) }
        case .none, .bool, .int, .float, .namespace, .loop, .macro, .function:
            throw fault("\(article(value.typeName)) has no items to go through")
        }
    }
}
