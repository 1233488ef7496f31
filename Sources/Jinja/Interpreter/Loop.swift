/// What a loop goes through, and its `loop` variable.
final class Loop {
    let definition: LoopDefinition
    let scope: Scope
    /// Loops of the same recursion around this one.
    let level: Int
    let depth: Int
    private var items: [Value]
    private var position = 0
    /// Items that were gone through before `items` begins.
    private var countBefore = 0
    private var filters: Bool
    private var previous: Value?
    private(set) var current: Value?
    private var ahead: Value?
    private var lastChanged: [Value]?
    private(set) var index = -1

    init(_ definition: LoopDefinition, _ items: [Value], level: Int, depth: Int, _ scope: Scope) {
        self.definition = definition
        self.items = items
        filters = definition.condition != nil
        self.level = level
        self.depth = depth
        self.scope = scope
    }

    /// Goes on by one; false at the end.
    func advance(_ interpreter: Interpreter) throws -> Bool {
        guard let next = try peek(interpreter) else { return false }
        ahead = nil
        previous = current
        current = next
        index += 1
        return true
    }

    /// The next item that meets the condition. It is looked at when it is asked for: the loop's body may change what the
    /// condition sees.
    private func peek(_ interpreter: Interpreter) throws -> Value? {
        if let ahead { return ahead }
        while position < items.count {
            let item = items[position]
            position += 1
            if filters, let condition = definition.condition {
                let inner = Scope(in: scope)
                try interpreter.assign(item, to: definition.target, inner)
                guard try interpreter.value(of: condition, inner).isTrue else { continue }
            }
            ahead = item
            return item
        }
        return nil
    }

    private func length(_ interpreter: Interpreter) throws -> Int {
        if filters {
            var rest: [Value] = []
            while let item = try peek(interpreter) {
                rest.append(item)
                ahead = nil
            }
            // They have met the condition; a second look might find otherwise.
            filters = false
            items = rest
            position = 0
            countBefore = index + 1
        }
        return countBefore + items.count
    }

    /// An attribute of `loop`; nil where there is none of this name.
    func attribute(_ name: String, _ interpreter: Interpreter) throws -> Value? {
        switch name {
        case "index": return .int(index + 1)
        case "index0": return .int(index)
        case "revindex": return .int(try length(interpreter) - index)
        case "revindex0": return .int(try length(interpreter) - index - 1)
        case "first": return .bool(index == 0)
        case "last": return .bool(try peek(interpreter) == nil)
        case "length": return .int(try length(interpreter))
        case "depth": return .int(level + 1)
        case "depth0": return .int(level)
        case "previtem": return previous ?? .undefined(Undefined(.hint("there is no previous item")))
        case "nextitem": return try peek(interpreter) ?? .undefined(Undefined(.hint("there is no next item")))
        case "cycle":
            return try interpreter.function("cycle", of: .loop(self)) { interpreter, arguments in
                guard !arguments.positional.isEmpty else { throw interpreter.fault("no items for cycling given") }
                return arguments.positional[self.index % arguments.positional.count]
            }
        case "changed":
            return try interpreter.function("changed", of: .loop(self)) { interpreter, arguments in
                let isSame = try self.lastChanged.map { try interpreter.equal($0, arguments.positional) } ?? false
                self.lastChanged = arguments.positional
                return .bool(!isSame)
            }
        default: return nil
        }
    }
}
