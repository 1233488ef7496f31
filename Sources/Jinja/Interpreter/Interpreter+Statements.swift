/// How a list of statements ended.
enum Flow { case normal, breakLoop, continueLoop }

extension Interpreter {
    func run(_ statements: [Statement], _ scope: Scope) throws -> Flow {
        for statement in statements {
            let flow = try run(statement, scope)
            if flow != .normal { return flow }
        }
        return .normal
    }

    private func run(_ statement: Statement, _ scope: Scope) throws -> Flow {
        try step()
        switch statement {
        case .text(let units): try write(units)
        case .output(let expression, let line):
            self.line = line
            try write(text(of: value(of: expression, scope)).units)
        case .branch(let branches, let otherwise):
            return try nested { try runBranch(branches, otherwise, scope) }
        case .loop(let loop):
            line = loop.line
            let items = try value(of: loop.items, scope)
            return try nested { try run(loop, over: items, outer: nil, scope) }
        case .set(let target, let expression, let line):
            self.line = line
            try assign(try value(of: expression, scope), to: target, scope)
        case .setBlock(let target, let filters, let body, let line):
            let (flow, text) = try captured { try nested { try run(body, Scope(in: scope)) } }
            self.line = line
            if flow != .normal { return flow }
            try assign(try apply(filters, to: .text(text), scope), to: target, scope)
        case .with(let assignments, let body, let line):
            self.line = line
            let inner = Scope(in: scope)
            for (target, expression) in assignments { try assign(try value(of: expression, scope), to: target, inner) }
            return try nested { try run(body, inner) }
        case .macro(let definition): scope.set(definition.name, .macro(try makeMacro(definition, scope)))
        case .callBlock(let base, let call, let definition):
            line = definition.line
            let caller = Value.macro(try makeMacro(definition, scope))
            try write(text(of: try callBlock(base, call, caller: caller, scope)).units)
        case .filterBlock(let filters, let body, let line):
            let (flow, text) = try captured { try nested { try run(body, Scope(in: scope)) } }
            self.line = line
            if flow != .normal { return flow }
            try write(self.text(of: try apply(filters, to: .text(text), scope)).units)
        case .scope(let body): return try nested { try run(body, Scope(in: scope)) }
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
        return .normal
    }

    private func runBranch(
        _ branches: [(test: Expression, line: Int, body: [Statement])], _ otherwise: [Statement], _ scope: Scope
    ) throws -> Flow {
        for branch in branches {
            line = branch.line
            if try value(of: branch.test, scope).isTrue { return try run(branch.body, scope) }
        }
        return try run(otherwise, scope)
    }

    private func apply(_ filters: [Step], to value: Value, _ scope: Scope) throws -> Value {
        try filters.reduce(value) { value, filter in try follow(filter, from: value, scope) }
    }

    func assign(_ value: Value, to target: Target, _ scope: Scope) throws {
        switch target {
        case .name(let name): scope.set(name, value)
        case .attribute(let name, let attribute):
            guard case .namespace(let namespace) = try variable(name, scope) else {
                throw fault("cannot assign attribute on non-namespace object '\(name)'")
            }
            try set(attribute, value, in: namespace)
        case .tuple(let targets):
            let items = try elements(of: value)
            guard items.count == targets.count else {
                throw fault("\(targets.count) values are expected to assign, there are \(items.count)")
            }
            for (target, item) in zip(targets, items) { try assign(item, to: target, scope) }
        }
    }

    /// Names that begin with an underscore are Python's own.
    func set(_ attribute: String, _ value: Value, in namespace: Namespace) throws {
        guard !attribute.hasPrefix("_") else {
            throw fault("a namespace cannot have '\(attribute)': the name begins with an underscore")
        }
        try charge(values: 1)
        namespace[attribute] = value
    }
}
