extension Interpreter {
    static let sequenceFilters: [String: Filter] = [
        "length": { interpreter, value, _ in .int(try interpreter.count(of: value)) },
        "count": { interpreter, value, _ in .int(try interpreter.count(of: value)) },
        "first": { interpreter, value, _ in
            if case .iterator(let iterator) = value { return iterator.next() ?? noItem("first") }
            return try interpreter.elements(of: value).first ?? noItem("first")
        },
        "last": { interpreter, value, _ in
            if case .iterator = value {
                throw interpreter.fault("what can be gone through once has no last item; use list")
            }
            return try interpreter.elements(of: value).last ?? noItem("last")
        },
        "list": { interpreter, value, _ in try interpreter.list(interpreter.elements(of: value)) },
        "join": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["d", "attribute"], of: "join", interpreter)
            let separator = try bound["d"].map { try interpreter.text(of: $0).units } ?? []
            let items = try interpreter.elements(of: value)
            let parts = try items.map {
                try interpreter.text(of: interpreter.attribute(bound["attribute"], of: $0)).units
            }
            return .text(try interpreter.join(parts.map { $0[...] }, separator))
        },
        "items": { interpreter, value, _ in
            switch value {
            case .undefined: return try interpreter.iterator([])
            case .mapping(let mapping): return try interpreter.iterator(interpreter.pairs(mapping))
            default: throw interpreter.fault("items takes a mapping, not \(article(value.typeName))")
            }
        },
        "dictsort": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["case_sensitive", "by", "reverse"], of: "dictsort", interpreter)
            guard case .mapping(let mapping) = value else {
                throw interpreter.fault("dictsort takes a mapping, not \(article(value.typeName))")
            }
            let by = try bound["by"].map { try interpreter.text(of: $0).string } ?? "key"
            guard by == "key" || by == "value" else { throw interpreter.fault("dictsort goes by 'key' or 'value'") }
            let isSensitive = bound["case_sensitive"]?.isTrue ?? false
            let sorted = try interpreter.sorted(mapping.entries, reverse: bound["reverse"]) { entry in
                interpreter.sortKey(by == "key" ? entry.key : entry.value, isSensitive)
            }
            return try interpreter.list(sorted.map { try interpreter.tuple([$0.key, $0.value]) })
        },
        "sort": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["reverse", "case_sensitive", "attribute"], of: "sort", interpreter)
            let isSensitive = bound["case_sensitive"]?.isTrue ?? false
            let items = try interpreter.elements(of: value)
            return try interpreter.list(
                interpreter.sorted(items, reverse: bound["reverse"]) { item in
                    try interpreter.sortKeys(of: item, by: bound["attribute"], isSensitive)
                })
        },
        "unique": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["case_sensitive", "attribute"], of: "unique", interpreter)
            let isSensitive = bound["case_sensitive"]?.isTrue ?? false
            var seen: Set<Key> = []
            let items = try interpreter.elements(of: value).filter { item in
                let key = interpreter.sortKey(try interpreter.attribute(bound["attribute"], of: item), isSensitive)
                return seen.insert(try interpreter.key(key)).inserted
            }
            return try interpreter.iterator(items)
        },
        "reverse": { interpreter, value, _ in
            if case .text(let text) = value { return .text(text.with(text.units.reversed())) }
            return try interpreter.iterator(interpreter.elements(of: value).reversed())
        },
        "groupby": { try $0.group($1, $2) },
        "batch": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["linecount", "fill_with"], required: 1, of: "batch", interpreter)
            let count = try interpreter.integer(bound["linecount"], "linecount", default: 1)
            guard count > 0 else { throw interpreter.fault("batch needs a size above zero") }
            let items = try interpreter.elements(of: value)
            var rows = stride(from: 0, to: items.count, by: min(count, items.count + 1)).map {
                Array(items[$0..<($0 + min(count, items.count - $0))])
            }
            if let fill = bound["fill_with"], !fill.isNone, let last = rows.last, last.count < count {
                try interpreter.charge(values: count)
                rows[rows.count - 1] += Array(repeating: fill, count: count - last.count)
            }
            return try interpreter.iterator(rows.map { try interpreter.list($0) })
        },
        "slice": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["slices", "fill_with"], required: 1, of: "slice", interpreter)
            let count = try interpreter.integer(bound["slices"], "slices", default: 1)
            guard count > 0 else { throw interpreter.fault("slice needs a number above zero") }
            let items = try interpreter.elements(of: value)
            try interpreter.charge(values: count)
            let (size, extra) = items.count.quotientAndRemainder(dividingBy: count)
            var start = 0
            let slices = try (0..<count).map { index in
                var slice = Array(items[start..<(start + size + (index < extra ? 1 : 0))])
                start += slice.count
                if let fill = bound["fill_with"], !fill.isNone, index >= extra { slice.append(fill) }
                return try interpreter.list(slice)
            }
            return try interpreter.iterator(slices)
        },
    ]

    private static func noItem(_ which: String) -> Value {
        .undefined(Undefined(.hint("No \(which) item, sequence was empty.")))
    }

    /// Python's `len`.
    func count(of value: Value) throws -> Int {
        switch value {
        case .text(let text): text.count
        case .list(let list), .tuple(let list): list.items.count
        case .mapping(let mapping): mapping.entries.count
        case .range(let range): range.count
        case .view(let view): view.items.items.count
        case .undefined: 0
        case .none, .bool, .int, .float, .iterator, .namespace, .loop, .macro, .function:
            throw fault("\(article(value.typeName)) has no length")
        }
    }

    func pairs(_ mapping: Mapping) throws -> [Value] { try mapping.entries.map { try tuple([$0.key, $0.value]) } }

    func join(_ parts: [ArraySlice<TextUnit>], _ separator: [TextUnit]) throws -> [TextUnit] {
        let gaps = max(0, parts.count - 1).multipliedReportingOverflow(by: separator.count)
        try charge(units: gaps.overflow ? .max : gaps.partialValue + parts.reduce(0) { $0 + $1.count })
        return Array(parts.joined(separator: separator))
    }

    private func group(_ value: Value, _ arguments: Arguments) throws -> Value {
        let bound = try Bound(arguments, ["attribute", "default", "case_sensitive"], required: 1, of: "groupby", self)
        let isSensitive = bound["case_sensitive"]?.isTrue ?? false
        let keyed = try elements(of: value).map { item in
            (key: try attribute(bound["attribute"], of: item, default: bound["default"]), item: item)
        }
        var groups: [(name: Value, key: Value, items: [Value])] = []
        for (name, item) in try sorted(keyed, by: { self.sortKey($0.key, isSensitive) }) {
            let key = sortKey(name, isSensitive)
            if let last = groups.last, try equal(last.key, key) {
                groups[groups.count - 1].items.append(item)
            } else {
                groups.append((name, key, [item]))
            }
        }
        return try list(groups.map { .tuple(try makeList([$0.name, try list($0.items)], isGroup: true)) })
    }
}
