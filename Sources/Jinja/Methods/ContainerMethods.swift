extension Interpreter {
    typealias MappingMethod = @Sendable (Interpreter, Mapping, Arguments) throws -> Value
    typealias ListMethod = @Sendable (Interpreter, List, Arguments) throws -> Value

    static let mappingMethods: [String: MappingMethod] = [
        "items": { interpreter, mapping, _ in
            .view(View(kind: .items, items: try interpreter.makeList(interpreter.pairs(mapping))))
        },
        "keys": { interpreter, mapping, _ in
            .view(View(kind: .keys, items: try interpreter.makeList(mapping.entries.map(\.key))))
        },
        "values": { interpreter, mapping, _ in
            .view(View(kind: .values, items: try interpreter.makeList(mapping.entries.map(\.value))))
        },
        "get": { interpreter, mapping, arguments in
            let bound = try Bound(arguments, ["key", "default"], required: 1, of: "get", interpreter)
            return mapping[try interpreter.key(bound["key"]!)] ?? bound["default"] ?? .none
        },
        "copy": { _, mapping, _ in .mapping(mapping) },
    ]

    static let listMethods: [String: ListMethod] = [
        "index": { interpreter, list, arguments in
            let bound = try Bound(arguments, ["value"], required: 1, of: "index", interpreter)
            guard let place = try list.items.firstIndex(where: { try interpreter.equal($0, bound["value"]!) }) else {
                throw interpreter.fault("index(): the list does not hold this")
            }
            return .int(place)
        },
        "count": { interpreter, list, arguments in
            let bound = try Bound(arguments, ["value"], required: 1, of: "count", interpreter)
            return .int(try list.items.count { try interpreter.equal($0, bound["value"]!) })
        },
        "copy": { _, list, _ in .list(list) },
    ]

    /// What would change a value: there, but not to be called.
    static let changingMappingMethods: Set = ["clear", "pop", "popitem", "setdefault", "update"]
    static let changingListMethods: Set = ["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"]
}
