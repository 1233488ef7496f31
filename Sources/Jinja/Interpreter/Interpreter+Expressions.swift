extension Interpreter {
    func value(of expression: Expression, _ scope: Scope) throws -> Value {
        try step()
        return switch expression {
        case .constant(let literal): value(of: literal)
        case .name(let name): try variable(name, scope)
        default: try nested { try compound(expression, scope) }
        }
    }

    private func value(of literal: Literal) -> Value {
        switch literal {
        case .none: .none
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .text(let units): .text(units)
        }
    }

    private func compound(_ expression: Expression, _ scope: Scope) throws -> Value {
        switch expression {
        case .constant, .name: return try value(of: expression, scope)
        case .list(let items): return try list(try values(of: items, scope))
        case .tuple(let items): return try tuple(try values(of: items, scope))
        case .mapping(let entries):
            return try mapping(try entries.map { (try value(of: $0.key, scope), try value(of: $0.value, scope)) })
        case .negated(let operand): return try negative(try value(of: operand, scope))
        case .affirmed(let operand):
            let number = try value(of: operand, scope)
            return try arithmetic(.add, .int(0), try numeric(number, "+"))
        case .arithmetic(let first, let rest):
            return try rest.reduce(try value(of: first, scope)) { left, next in
                try arithmetic(next.operation, left, try value(of: next.operand, scope))
            }
        case .concatenation(let parts):
            var units: [TextUnit] = []
            for part in parts {
                let more = try text(of: value(of: part, scope)).units
                try charge(units: more.count)
                units += more
            }
            return .text(units)
        case .comparison(let first, let rest): return try compare(first, rest, scope)
        case .all(let parts): return try firstDeciding(parts, scope) { !$0.isTrue }
        case .any(let parts): return try firstDeciding(parts, scope) { $0.isTrue }
        case .not(let operand): return .bool(try !value(of: operand, scope).isTrue)
        case .conditional(let test, let then, let otherwise):
            if try value(of: test, scope).isTrue { return try value(of: then, scope) }
            guard let otherwise else {
                return .undefined(Undefined(.hint("an if expression is false here and has no else")))
            }
            return try value(of: otherwise, scope)
        case .path(let base, let steps): return try follow(steps, from: base, scope)
        }
    }

    private func values(of expressions: [Expression], _ scope: Scope) throws -> [Value] {
        try expressions.map { try value(of: $0, scope) }
    }

    /// `and` and `or` give the operand that decides.
    private func firstDeciding(
        _ parts: [Expression], _ scope: Scope, _ decides: (Value) -> Bool
    ) throws -> Value {
        var last = Value.none
        for part in parts {
            last = try value(of: part, scope)
            if decides(last) { break }
        }
        return last
    }

    private func compare(
        _ first: Expression, _ rest: [(operation: Comparison, operand: Expression)], _ scope: Scope
    ) throws -> Value {
        var left = try value(of: first, scope)
        for (operation, operand) in rest {
            let right = try value(of: operand, scope)
            guard try compare(operation, left, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    func compare(_ operation: Comparison, _ left: Value, _ right: Value) throws -> Bool {
        switch operation {
        case .equal: try equal(left, right)
        case .unequal: try !equal(left, right)
        case .less: try isLess(left, right, "<")
        case .lessOrEqual: try isLess(left, right, "<=", orEqual: true)
        case .greater: try isLess(right, left, ">")
        case .greaterOrEqual: try isLess(right, left, ">=", orEqual: true)
        case .isIn: try contains(right, left)
        case .isNotIn: try !contains(right, left)
        }
    }

    func variable(_ name: String, _ scope: Scope) throws -> Value {
        scope.value(name) ?? globalFunction(name) ?? .undefined(Undefined(.name(name)))
    }

    // MARK: Steps

    private func follow(_ steps: [Step], from base: Expression, _ scope: Scope) throws -> Value {
        var value = try value(of: base, scope)
        for step in steps { value = try follow(step, from: value, scope) }
        return value
    }

    func follow(_ step: Step, from value: Value, _ scope: Scope) throws -> Value {
        try self.step()
        line = step.line
        switch step.kind {
        case .attribute(let name): return try attribute(name, of: value)
        case .item(let expression): return try item(try self.value(of: expression, scope), of: value)
        case .slice(let from, let to, let by):
            let bounds = try [from, to, by].map { try $0.map { try self.value(of: $0, scope) } }
            return try slice(value, from: bounds[0], to: bounds[1], by: bounds[2])
        case .call(let arguments):
            let arguments = try evaluate(arguments, scope)
            line = step.line
            return try call(value, arguments)
        case .filter(let name, let arguments):
            guard let filter = Self.filters[name] else { throw fault("there is no filter '\(name)'") }
            let arguments = try evaluate(arguments, scope)
            line = step.line
            return try filter(self, value, arguments)
        case .test(let name, let arguments, let isNegated):
            guard let test = Self.tests[name] else { throw fault("there is no test '\(name)'") }
            let arguments = try evaluate(arguments, scope)
            line = step.line
            return .bool(try test(self, value, arguments) != isNegated)
        }
    }

    func evaluate(_ arguments: CallArguments, _ scope: Scope) throws -> Arguments {
        var result = Arguments(positional: try values(of: arguments.positional, scope))
        for (name, expression) in arguments.named { result.named.append((name, try value(of: expression, scope))) }
        if let list = arguments.list { result.positional += try elements(of: value(of: list, scope)) }
        if let mapping = arguments.mapping {
            guard case .mapping(let more) = try value(of: mapping, scope) else {
                throw fault("what follows ** in a call must be a mapping")
            }
            for entry in more.entries {
                guard case .text(let name) = entry.key else { throw fault("the keys of ** in a call must be strings") }
                guard result[name.string] == nil else { throw fault("'\(name.string)' is given twice") }
                result.named.append((name.string, entry.value))
            }
        }
        return result
    }
}
