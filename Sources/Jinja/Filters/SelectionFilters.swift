extension Interpreter {
    static let selectionFilters: [String: Filter] = [
        "map": { try $0.map($1, $2) },
        "select": { try $0.select($1, $2, byAttribute: false, wanted: true) },
        "reject": { try $0.select($1, $2, byAttribute: false, wanted: false) },
        "selectattr": { try $0.select($1, $2, byAttribute: true, wanted: true) },
        "rejectattr": { try $0.select($1, $2, byAttribute: true, wanted: false) },
        "default": { try $0.replaceMissing($1, $2) },
        "d": { try $0.replaceMissing($1, $2) },
        "attr": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["name"], required: 1, of: "attr", interpreter)
            let name = try interpreter.text(of: bound["name"]!).string
            if case .mapping = value {
                guard Interpreter.mappingMethods[name] != nil else {
                    return .undefined(Undefined(.attribute(name, of: "dict object")))
                }
            }
            return try interpreter.attribute(name, of: value)
        },
        "min": { interpreter, value, arguments in try interpreter.extreme("min", value, arguments) },
        "max": { interpreter, value, arguments in try interpreter.extreme("max", value, arguments) },
    ]

    private func map(_ value: Value, _ arguments: Arguments) throws -> Value {
        let items = try itemsOrNone(of: value)
        if arguments.positional.isEmpty, let attribute = arguments["attribute"] {
            if let other = arguments.named.first(where: { !["attribute", "default"].contains($0.name) }) {
                throw fault("map has no argument '\(other.name)'")
            }
            return try iterator(items.map { try self.attribute(attribute, of: $0, default: arguments["default"]) })
        }
        guard let first = arguments.positional.first else { throw fault("map needs a filter or an attribute") }
        let name = try text(of: first).string
        guard let filter = Self.filters[name] else { throw fault("there is no filter '\(name)'") }
        let rest = Arguments(positional: Array(arguments.positional.dropFirst()), named: arguments.named)
        return try iterator(items.map { item in try nested { try filter(self, item, rest) } })
    }

    /// What counts as false has no items, whatever it is.
    private func itemsOrNone(of value: Value) throws -> [Value] { value.isTrue ? try elements(of: value) : [] }

    private func select(_ value: Value, _ arguments: Arguments, byAttribute: Bool, wanted: Bool) throws -> Value {
        var positional = arguments.positional[...]
        let attribute = byAttribute ? positional.popFirst() : nil
        if byAttribute, attribute == nil { throw fault("the name of an attribute is missing") }
        var test: Test = { _, value, _ in value.isTrue }
        if let first = positional.popFirst() {
            let name = try text(of: first).string
            guard let named = Self.tests[name] else { throw fault("there is no test '\(name)'") }
            test = named
        }
        let rest = Arguments(positional: Array(positional), named: arguments.named)
        return try iterator(
            itemsOrNone(of: value).filter { item in
                try step()
                return try test(self, self.attribute(attribute, of: item), rest) == wanted
            })
    }

    private func replaceMissing(_ value: Value, _ arguments: Arguments) throws -> Value {
        let bound = try Bound(arguments, ["default_value", "boolean"], of: "default", self)
        let isMissing = value.isUndefined || bound["boolean"]?.isTrue == true && !value.isTrue
        return isMissing ? bound["default_value"] ?? .text("") : value
    }

    private func extreme(_ name: String, _ value: Value, _ arguments: Arguments) throws -> Value {
        let bound = try Bound(arguments, ["case_sensitive", "attribute"], of: name, self)
        let isSensitive = bound["case_sensitive"]?.isTrue ?? false
        var best: (key: Value, item: Value)?
        for item in try elements(of: value) {
            let key = sortKey(try attribute(bound["attribute"], of: item), isSensitive)
            guard let current = best else {
                best = (key, item)
                continue
            }
            if try name == "min" ? isLess(key, current.key, "<") : isLess(current.key, key, ">") { best = (key, item) }
        }
        return best?.item ?? .undefined(Undefined(.hint("No aggregated item, sequence was empty.")))
    }

    // MARK: Attributes by name

    /// What `path`, such as `a.b.0`, leads to; the value itself without one.
    func attribute(_ path: Value?, of value: Value, default standard: Value? = nil) throws -> Value {
        guard let path, !path.isNone else { return value }
        var result = value
        if case .text(let names) = path {
            for name in names.units.split(separator: ".", omittingEmptySubsequences: false) {
                let index = name.allSatisfy { ("0"..."9").contains($0.scalar) } ? Int(Array(name).string) : nil
                result = try item(index.map(Value.int) ?? .text(Array(name)), of: result)
            }
        } else {
            result = try item(path, of: result)
        }
        if result.isUndefined, let standard, !standard.isNone { return standard }
        return result
    }

    /// What sorting compares: text in lower case, unless its case counts.
    func sortKey(_ value: Value, _ isSensitive: Bool) -> Value {
        guard !isSensitive, case .text(let text) = value else { return value }
        return .text(text.units.lowercased)
    }

    /// What sorting compares of an item: itself, or some of its attributes. One after the other: what is not there is
    /// equal to whatever else is not there.
    func sortKeys(of item: Value, by attributes: Value?, _ isSensitive: Bool) throws -> Value {
        guard case .text(let names) = attributes else {
            return try tuple([sortKey(try attribute(attributes, of: item), isSensitive)])
        }
        return try tuple(
            names.units.split(separator: ",", omittingEmptySubsequences: false).map { name in
                sortKey(try attribute(.text(Array(name)), of: item), isSensitive)
            })
    }

    /// Sorted; the other way round, equal ones still stay as they were.
    func sorted<Item>(
        _ items: [Item], reverse: Value?, by key: (Item) throws -> Value
    ) throws -> [Item] {
        guard reverse?.isTrue == true else { return try sorted(items, by: key) }
        return try sorted(items.reversed(), by: key).reversed()
    }
}
