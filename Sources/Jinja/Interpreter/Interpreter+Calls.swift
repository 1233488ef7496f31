extension Interpreter {
    func call(_ value: Value, _ arguments: Arguments) throws -> Value {
        switch value {
        case .function(let function): return try nested { try function.body(self, arguments) }
        case .macro(let macro): return .text(try nested { try call(macro, arguments) })
        case .loop(let loop): return try recurse(loop, arguments)
        case .undefined(let undefined): throw fault(undefined)
        default: throw fault("\(article(value.typeName)) cannot be called")
        }
    }

    func callBlock(_ base: Expression, _ call: Step, caller: Value, _ scope: Scope) throws -> Value {
        let callee = try value(of: base, scope)
        guard case .call(let expressions) = call.kind else { return .none }
        var arguments = try evaluate(expressions, scope)
        arguments.named.append(("caller", caller))
        return try nested { try self.call(callee, arguments) }
    }

    private func call(_ macro: Macro, _ arguments: Arguments) throws -> Text {
        let definition = macro.definition
        let scope = Scope(in: macro.scope)
        var rest = arguments
        var missing: [(place: Int, name: String)] = []
        for (place, name) in definition.parameters.enumerated() {
            let named = rest.named.firstIndex { $0.name == name }
            if place < arguments.positional.count {
                if named != nil { throw fault("macro '\(definition.name)' got '\(name)' twice") }
                scope.set(name, arguments.positional[place])
            } else if let named {
                scope.set(name, rest.named.remove(at: named).value)
            } else {
                missing.append((place, name))
            }
        }
        try takeRest(of: rest, definition, scope)
        let outerLine = line
        defer { line = outerLine }
        let firstDefault = definition.parameters.count - definition.defaults.count
        for (place, name) in missing {
            let value =
                place >= firstDefault
                ? try value(of: definition.defaults[place - firstDefault], scope)
                : .undefined(Undefined(.hint("parameter '\(name)' was not provided")))
            scope.set(name, value)
        }
        return try captured { try run(definition.body, scope) }.1
    }

    /// What a macro was given beyond its parameters.
    private func takeRest(of arguments: Arguments, _ definition: MacroDefinition, _ scope: Scope) throws {
        var named = arguments.named
        let more = definition.takesMore
        if more.caller {
            let place = named.firstIndex { $0.name == "caller" }
            scope.set(
                "caller", place.map { named.remove(at: $0).value } ?? .undefined(Undefined(.hint("No caller defined"))))
        }
        if more.kwargs {
            scope.set("kwargs", try mapping(named.map { (.text($0.name), $0.value) }))
        } else if let (name, _) = named.first {
            throw fault("macro '\(definition.name)' takes no keyword argument '\(name)'")
        }
        let extra = Array(arguments.positional.dropFirst(definition.parameters.count))
        if more.varargs {
            scope.set("varargs", try tuple(extra))
        } else if !extra.isEmpty {
            throw fault("macro '\(definition.name)' takes not more than \(definition.parameters.count) arguments")
        }
    }
}
