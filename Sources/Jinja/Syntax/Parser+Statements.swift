extension Parser {
    /// One tag and its block; the token is its name.
    mutating func statement(_ ends: [String]) throws -> Statement? {
        let line = line
        guard case .name(let tag) = token.kind else { throw fault("expected a tag's name, found \(token.name)") }
        advance()
        switch tag {
        case "if": return try branch(line)
        case "for": return try loop(line)
        case "set": return try set(line)
        case "with": return try with(line)
        case "macro":
            let name = try expectName()
            return .macro(try macro(name, closedBy: "endmacro", line, hasSignature: true))
        case "call": return try callBlock(line)
        case "filter":
            let filters = try filters(startingInline: true)
            return .filterBlock(filters, try body(closedBy: "endfilter"), line: line)
        case "generation": return .scope(try outsideLoops { parser in try parser.body(closedBy: "endgeneration") })
        case "autoescape":
            guard skip(name: "false") || skip(name: "False") else {
                throw fault("autoescape is supported as false only")
            }
            return .scope(try body(closedBy: "endautoescape"))
        case "print":
            var outputs: [Statement] = []
            while token.kind != .blockEnd {
                if !outputs.isEmpty { try expect(.symbol(",")) }
                outputs.append(.output(try expression(), line: line))
            }
            return .branch([(.constant(.bool(true)), line, outputs)], otherwise: [])
        case "break", "continue":
            guard loopDepth > 0 else { throw fault("'\(tag)' outside a loop") }
            return tag == "break" ? .breakLoop : .continueLoop
        case "block", "extends", "include", "import", "from":
            throw fault("'\(tag)' is not supported: a chat template is one file")
        default:
            let expected = ends.isEmpty ? "" : ", where \(ends.joined(separator: " or ")) could stand"
            throw fault("unknown tag '\(tag)'\(expected)")
        }
    }

    private mutating func outsideLoops<Result>(_ body: (inout Parser) throws -> Result) rethrows -> Result {
        let outer = loopDepth
        loopDepth = 0
        defer { loopDepth = outer }
        return try body(&self)
    }

    private mutating func branch(_ line: Int) throws -> Statement {
        var branches: [(test: Expression, line: Int, body: [Statement])] = []
        var line = line
        while true {
            let test = try tuple(withConditional: false)
            branches.append((test, line, try body(until: "elif", "else", "endif")))
            line = self.line
            if skip(name: "elif") { continue }
            var otherwise: [Statement] = []
            if skip(name: "else") { otherwise = try body(until: "endif") }
            advance()
            return .branch(branches, otherwise: otherwise)
        }
    }

    private mutating func loop(_ line: Int) throws -> Statement {
        let target = try target(endingAt: "in")
        try check(target, line)
        try expect(.name("in"))
        let items = try tuple(withConditional: false, endingAt: "recursive")
        let condition = skip(name: "if") ? try expression() : nil
        let isRecursive = skip(name: "recursive")
        loopDepth += 1
        let repeated = try body(until: "endfor", "else")
        loopDepth -= 1
        var otherwise: [Statement] = []
        if skip(name: "else") { otherwise = try body(until: "endfor") }
        advance()
        return .loop(
            LoopDefinition(
                target: target, items: items, condition: condition, isRecursive: isRecursive, body: repeated,
                otherwise: otherwise, line: line))
    }

    /// `loop` is the loop's own.
    private func check(_ target: Target, _ line: Int) throws {
        switch target {
        case .name("loop"): throw TemplateError(.syntax, "a loop cannot assign to 'loop'", line: line)
        case .tuple(let targets): for target in targets { try check(target, line) }
        case .name, .attribute: break
        }
    }

    private mutating func set(_ line: Int) throws -> Statement {
        let target = try target(withAttributes: true)
        if skip(symbol: "=") { return .set(target, try tuple(), line: line) }
        let filters = try filters(startingInline: false)
        return .setBlock(target, filters, try body(closedBy: "endset"), line: line)
    }

    private mutating func with(_ line: Int) throws -> Statement {
        var assignments: [(target: Target, value: Expression)] = []
        while token.kind != .blockEnd {
            if !assignments.isEmpty { try expect(.symbol(",")) }
            let target = try target()
            try expect(.symbol("="))
            assignments.append((target, try expression()))
        }
        return .with(assignments, try body(closedBy: "endwith"), line: line)
    }

    private mutating func callBlock(_ line: Int) throws -> Statement {
        let definition = try macro("caller", closedBy: nil, line, hasSignature: isSymbol("("))
        guard case .path(let base, var steps) = try expression(), let last = steps.popLast(), case .call = last.kind
        else {
            throw fault("'call' needs the call of a macro")
        }
        let finished = try macroBody(definition, closedBy: "endcall")
        return .callBlock(steps.isEmpty ? base : .path(base, steps), last, finished)
    }

    /// Reads a macro's signature, and its body where `end` is given.
    private mutating func macro(
        _ name: String, closedBy end: String?, _ line: Int, hasSignature: Bool
    ) throws -> MacroDefinition {
        var parameters: [String] = []
        var defaults: [Expression] = []
        if hasSignature {
            try expect(.symbol("("))
            while !isSymbol(")") {
                if !parameters.isEmpty { try expect(.symbol(",")) }
                parameters.append(try expectName())
                if skip(symbol: "=") {
                    defaults.append(try expression())
                } else if !defaults.isEmpty {
                    throw fault("a parameter without a default follows one that has one")
                }
            }
            advance()
        }
        let definition = MacroDefinition(
            name: name, parameters: parameters, defaults: defaults, body: [], takesMore: (false, false, false),
            line: line)
        return try end.map { end in try macroBody(definition, closedBy: end) } ?? definition
    }

    private mutating func macroBody(_ definition: MacroDefinition, closedBy end: String) throws -> MacroDefinition {
        askedNames.append([])
        let body = try outsideLoops { parser in try parser.body(closedBy: end) }
        let asked = askedNames.removeLast()
        if !askedNames.isEmpty { askedNames[askedNames.count - 1].formUnion(asked) }
        let more = ["varargs", "kwargs", "caller"].map { asked.contains($0) && !definition.parameters.contains($0) }
        return MacroDefinition(
            name: definition.name, parameters: definition.parameters, defaults: definition.defaults, body: body,
            takesMore: (more[0], more[1], more[2]), line: definition.line)
    }

    /// `| a | b(c)`; inline, the first one has no bar.
    private mutating func filters(startingInline: Bool) throws -> [Step] {
        var steps: [Step] = []
        var isInline = startingInline
        while isInline || isSymbol("|") {
            if !isInline { advance() }
            steps.append(try filter())
            isInline = false
        }
        return steps
    }

    // MARK: Targets

    /// A name, an attribute of a namespace, or a list of targets.
    private mutating func target(endingAt end: String? = nil, withAttributes: Bool = false) throws -> Target {
        var targets: [Target] = []
        var isTuple = false
        while true {
            if !targets.isEmpty { try expect(.symbol(",")) }
            if endsTuple(end) || isSymbol("=") { break }
            targets.append(try singleTarget(withAttributes: withAttributes))
            guard isSymbol(",") else { break }
            isTuple = true
        }
        guard let first = targets.first else { throw fault("expected a name to assign to, found \(token.name)") }
        return isTuple ? .tuple(targets) : first
    }

    private mutating func singleTarget(withAttributes: Bool) throws -> Target {
        if skip(symbol: "(") {
            let inner = try nested { parser in try parser.target() }
            try expect(.symbol(")"))
            return inner
        }
        let name = try expectName()
        if ["true", "false", "none", "True", "False", "None"].contains(name) {
            throw fault("cannot assign to '\(name)'")
        }
        if withAttributes, skip(symbol: ".") { return .attribute(of: name, try expectName()) }
        return .name(name)
    }
}
