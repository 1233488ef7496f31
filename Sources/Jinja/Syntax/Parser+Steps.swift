extension Parser {
    /// `.name`, `[item]` or `(arguments)`; nil where something else follows.
    mutating func postfix() throws -> Step? {
        let line = line
        switch token.kind {
        case .symbol("."):
            advance()
            switch token.kind {
            case .name(let name):
                advance()
                return Step(kind: .attribute(name), line: line)
            case .integer(let number):
                advance()
                return Step(kind: .item(.constant(.int(number))), line: line)
            default: throw fault("expected a name or a number, found \(token.name)")
            }
        case .symbol("["):
            advance()
            return Step(kind: try subscripted(), line: line)
        case .symbol("("): return Step(kind: .call(try arguments()), line: line)
        default: return nil
        }
    }

    /// `|filter`, `is test` or `(arguments)`; nil where something else follows.
    mutating func filterOrTest() throws -> Step? {
        let line = line
        if skip(symbol: "|") { return try filter() }
        if skip(name: "is") { return try test(line) }
        return isSymbol("(") ? Step(kind: .call(try arguments()), line: line) : nil
    }

    mutating func filter() throws -> Step {
        let line = line
        let name = try dottedName()
        return Step(kind: .filter(name, isSymbol("(") ? try arguments() : CallArguments()), line: line)
    }

    private mutating func dottedName() throws -> String {
        var name = try expectName()
        while skip(symbol: ".") { name += "." + (try expectName()) }
        return name
    }

    /// A test may have one argument without parentheses.
    private mutating func test(_ line: Int) throws -> Step {
        let isNegated = skip(name: "not")
        let name = try dottedName()
        var arguments = CallArguments()
        switch token.kind {
        case .symbol("("): arguments = try self.arguments()
        case .name("else"), .name("or"), .name("and"): break
        case .name("is"): throw fault("tests cannot follow each other")
        case .name, .text, .integer, .float, .symbol("["), .symbol("{"):
            arguments.positional = [try nested { parser in try parser.testArgument() }]
        default: break
        }
        return Step(kind: .test(name, arguments, isNegated: isNegated), line: line)
    }

    private mutating func subscripted() throws -> Step.Kind {
        var items: [Expression] = []
        while !isSymbol("]") {
            if !items.isEmpty { try expect(.symbol(",")) }
            var bounds: [Expression?] = [try bound()]
            while bounds.count < 3, skip(symbol: ":") { bounds.append(try bound()) }
            guard bounds.count > 1 else {
                guard let item = bounds[0] else { throw fault("expected an expression, found \(token.name)") }
                items.append(item)
                continue
            }
            guard items.isEmpty, isSymbol("]") else { throw fault("a slice stands alone in its brackets") }
            advance()
            return .slice(from: bounds[0], to: bounds[1], by: bounds.count > 2 ? bounds[2] : nil)
        }
        guard !items.isEmpty else { throw fault("expected an expression, found ']'") }
        advance()
        return .item(items.count == 1 ? items[0] : .tuple(items))
    }

    private mutating func bound() throws -> Expression? {
        isSymbol(":") || isSymbol("]") || isSymbol(",") ? nil : try expression()
    }

    /// Arguments in parentheses; the token is the opening one.
    mutating func arguments() throws -> CallArguments {
        try expect(.symbol("("))
        var arguments = CallArguments()
        var needsComma = false
        while !isSymbol(")") {
            if needsComma {
                try expect(.symbol(","))
                if isSymbol(")") { break }
            }
            try append(to: &arguments)
            needsComma = true
        }
        advance()
        return arguments
    }

    private mutating func append(to arguments: inout CallArguments) throws {
        let disorder = fault("these arguments of a call are in no order that is allowed")
        if skip(symbol: "*") {
            guard arguments.list == nil, arguments.mapping == nil else { throw disorder }
            arguments.list = try expression()
        } else if skip(symbol: "**") {
            guard arguments.mapping == nil else { throw disorder }
            arguments.mapping = try expression()
        } else if case .name(let name) = token.kind, next.kind == .symbol("=") {
            guard arguments.mapping == nil else { throw disorder }
            advance()
            advance()
            guard !arguments.named.contains(where: { $0.name == name }) else { throw fault("'\(name)' is given twice") }
            arguments.named.append((name, try expression()))
        } else {
            guard arguments.list == nil, arguments.mapping == nil, arguments.named.isEmpty else { throw disorder }
            arguments.positional.append(try expression())
        }
    }
}
