extension Interpreter {
    /// `value.name`: an attribute or a method, or else the item of this name.
    func attribute(_ name: String, of value: Value) throws -> Value {
        if case .undefined(let undefined) = value { throw fault(undefined) }
        if let own = try ownAttribute(name, of: value) { return own }
        if case .mapping(let mapping) = value, let item = mapping[Key(name)] { return item }
        return .undefined(Undefined(.attribute(name, of: described(value))))
    }

    /// `value[key]`: an item, or else the attribute of this name.
    func item(_ key: Value, of value: Value) throws -> Value {
        switch value {
        case .undefined(let undefined): throw fault(undefined)
        case .mapping(let mapping): if let key = Key(key), let item = mapping[key] { return item }
        case .list(let list), .tuple(let list):
            if let index = index(key, count: list.items.count) { return list.items[index] }
        case .text(let text): if let index = index(key, count: text.count) { return .text([text.units[index]]) }
        case .range(let range): if let index = index(key, count: range.count) { return .int(range[index]) }
        case .none, .bool, .int, .float, .view, .iterator, .namespace, .loop, .macro, .function: break
        }
        guard case .text(let name) = key else {
            return .undefined(Undefined(.attribute(try text(of: key).string, of: described(value))))
        }
        if let own = try ownAttribute(name.string, of: value) { return own }
        return .undefined(Undefined(.attribute(name.string, of: described(value))))
    }

    private func index(_ key: Value, count: Int) -> Int? {
        guard let index = key.integer else { return nil }
        let place = index < 0 ? index + count : index
        return (0..<count).contains(place) ? place : nil
    }

    private func described(_ value: Value) -> String {
        if case .mapping = value { "dict object" } else { value.isNone ? "None" : "\(value.typeName) object" }
    }

    /// What a value has by its type.
    private func ownAttribute(_ name: String, of value: Value) throws -> Value? {
        if name.hasPrefix("__"), name.hasSuffix("__") {
            return .undefined(Undefined(.hint("access to '\(name)' is unsafe")))
        }
        switch value {
        case .text(let text):
            guard let method = Self.textMethods[name] else { return nil }
            return try function(name, of: value) { interpreter, arguments in try method(interpreter, text, arguments) }
        case .mapping(let mapping):
            if Self.changingMappingMethods.contains(name) { return .undefined(Self.unsafe(name, value)) }
            guard let method = Self.mappingMethods[name] else { return nil }
            return try function(name, of: value) { interpreter, arguments in try method(interpreter, mapping, arguments)
            }
        case .list(let list), .tuple(let list):
            if case .list = value, Self.changingListMethods.contains(name) {
                return .undefined(Self.unsafe(name, value))
            }
            if list.isGroup, let place = ["grouper", "list"].firstIndex(of: name) { return list.items[place] }
            guard let method = Self.listMethods[name] else { return nil }
            return try function(name, of: value) { interpreter, arguments in try method(interpreter, list, arguments) }
        case .namespace(let namespace): return namespace[name]
        case .loop(let loop): return try loop.attribute(name, self)
        case .macro(let macro): return try attribute(name, of: macro)
        case .function(let function): return function.attributes[name]?()
        case .int, .bool:
            return ["real", "numerator"].contains(name)
                ? .int(value.integer!) : ["imag": .int(0), "denominator": .int(1)][name]
        case .undefined, .none, .float, .range, .view, .iterator: return nil
        }
    }

    private func attribute(_ name: String, of macro: Macro) throws -> Value? {
        switch name {
        case "name": .text(macro.definition.name)
        case "arguments": try tuple(macro.definition.parameters.map { .text($0) })
        case "catch_kwargs": .bool(macro.definition.takesMore.kwargs)
        case "catch_varargs": .bool(macro.definition.takesMore.varargs)
        case "caller": .bool(macro.definition.takesMore.caller)
        default: nil
        }
    }

    private static func unsafe(_ name: String, _ value: Value) -> Undefined {
        Undefined(.hint("access to attribute '\(name)' of '\(value.typeName)' object is unsafe"))
    }

    // MARK: Slices

    func slice(_ value: Value, from: Value?, to: Value?, by: Value?) throws -> Value {
        func places(_ count: Int) throws -> [Int] {
            let places = try slicePlaces(count, try bound(from), try bound(to), try bound(by))
            try charge(values: places.count)
            return places
        }
        switch value {
        case .text(let text):
            let places = try places(text.count)
            return .text(text.with(places.map { text.units[$0] }))
        case .list(let list): return try self.list(try places(list.items.count).map { list.items[$0] })
        case .tuple(let list): return try tuple(try places(list.items.count).map { list.items[$0] })
        case .range(let range):
            let places = try places(range.count)
            let step = range.step &* (try bound(by) ?? 1)
            let start = places.first.map { range[$0] } ?? range.start
            let end = start &+ step &* places.count
            return .range(Progression(start: start, end: end, step: step, count: places.count))
        case .undefined(let undefined): throw fault(undefined)
        default: throw fault("\(article(value.typeName)) cannot be sliced")
        }
    }

    private func bound(_ value: Value?) throws -> Int? {
        guard let value, !value.isNone else { return nil }
        guard let integer = value.integer else { throw fault("the bounds of a slice must be whole numbers") }
        return integer
    }

    private func slicePlaces(_ count: Int, _ from: Int?, _ to: Int?, _ by: Int?) throws -> [Int] {
        let step = by ?? 1
        if step == 0 { throw fault("a slice cannot go by steps of zero") }
        func place(_ bound: Int, _ lowest: Int, _ highest: Int) -> Int {
            let place = bound < 0 ? max(bound, -count - 1) + count : bound
            return min(max(place, lowest), highest)
        }
        if step > 0 {
            let (start, end) = (place(from ?? 0, 0, count), to.map { place($0, 0, count) } ?? count)
            return Array(stride(from: start, to: end, by: min(step, count + 1)))
        }
        let start = from.map { place($0, -1, count - 1) } ?? count - 1
        let end = to.map { place($0, -1, count - 1) } ?? -1
        return Array(stride(from: start, to: end, by: max(step, -count - 1)))
    }
}

extension Value {
    /// A whole number; true and false are 1 and 0.
    var integer: Int? {
        switch self {
        case .int(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// A number of either kind.
    var number: Double? {
        if case .float(let value) = self { value } else { integer.map(Double.init) }
    }
}
