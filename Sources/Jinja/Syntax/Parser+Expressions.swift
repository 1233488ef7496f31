extension Parser {
    /// One expression, or several with commas between them.
    mutating func tuple(
        withConditional: Bool = true, endingAt end: String? = nil, inParentheses: Bool = false
    ) throws -> Expression {
        var items: [Expression] = []
        var isTuple = false
        while true {
            if !items.isEmpty { try expect(.symbol(",")) }
            if endsTuple(end) { break }
            items.append(withConditional ? try expression() : try nested { parser in try parser.disjunction() })
            guard isSymbol(",") else { break }
            isTuple = true
        }
        if isTuple { return .tuple(items) }
        if let only = items.first { return only }
        guard inParentheses else { throw fault("expected an expression, found \(token.name)") }
        return .tuple([])
    }

    func endsTuple(_ end: String?) -> Bool {
        switch token.kind {
        case .variableEnd, .blockEnd, .symbol(")"): true
        case .name(let name): name == end
        default: false
        }
    }

    mutating func expression() throws -> Expression {
        try nested { parser in
            var result = try parser.disjunction()
            // Each alternative holds the one before it.
            var length = 0
            while parser.skip(name: "if") {
                length += 1
                guard length <= Limits.syntaxDepth else { throw parser.fault("too many conditions after each other") }
                let test = try parser.disjunction()
                let otherwise = parser.skip(name: "else") ? try parser.expression() : nil
                result = .conditional(test, then: result, otherwise: otherwise)
            }
            return result
        }
    }

    mutating func disjunction() throws -> Expression {
        var parts = [try conjunction()]
        while skip(name: "or") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws -> Expression {
        var parts = [try negation()]
        while skip(name: "and") { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func negation() throws -> Expression {
        var isNegated = false
        var count = 0
        while skip(name: "not") {
            isNegated.toggle()
            count += 1
        }
        let operand = try comparison()
        if count == 0 { return operand }
        return isNegated ? .not(operand) : .not(.not(operand))
    }

    private mutating func comparison() throws -> Expression {
        let first = try binary(0)
        var rest: [(operation: Comparison, operand: Expression)] = []
        while true {
            if case .symbol(let symbol) = token.kind, let operation = Comparison(rawValue: symbol) {
                advance()
                rest.append((operation, try binary(0)))
            } else if skip(name: "in") {
                rest.append((.isIn, try binary(0)))
            } else if isName("not"), next.kind == .name("in") {
                advance()
                advance()
                rest.append((.isNotIn, try binary(0)))
            } else {
                return rest.isEmpty ? first : .comparison(first, rest)
            }
        }
    }

    /// Operators by rank, the loosest first; `~` has one of its own behind the first.
    private static let ranks: [[String]] = [["+", "-"], ["~"], ["*", "/", "//", "%"], ["**"]]

    private mutating func binary(_ rank: Int) throws -> Expression {
        if rank == Self.ranks.count { return try unary(withFilters: true) }
        let first = try binary(rank + 1)
        var rest: [(operation: Arithmetic, operand: Expression)] = []
        var joined: [Expression] = []
        while case .symbol(let symbol) = token.kind, Self.ranks[rank].contains(symbol) {
            advance()
            let operand = try binary(rank + 1)
            if let operation = Arithmetic(rawValue: symbol) {
                rest.append((operation, operand))
            } else {
                joined.append(operand)
            }
        }
        if !joined.isEmpty { return .concatenation([first] + joined) }
        return rest.isEmpty ? first : .arithmetic(first, rest)
    }

    private mutating func unary(withFilters: Bool) throws -> Expression {
        var base: Expression
        if isSymbol("-") || isSymbol("+") {
            let isNegative = isSymbol("-")
            advance()
            let operand = try nested { parser in try parser.unary(withFilters: false) }
            base = isNegative ? .negated(operand) : .affirmed(operand)
        } else {
            base = try primary()
        }
        var steps: [Step] = []
        while let step = try postfix() { steps.append(step) }
        while withFilters, let step = try filterOrTest() { steps.append(step) }
        return steps.isEmpty ? base : .path(base, steps)
    }

    /// A value with what follows it, but without filters and tests.
    mutating func testArgument() throws -> Expression {
        let base = try primary()
        var steps: [Step] = []
        while let step = try postfix() { steps.append(step) }
        return steps.isEmpty ? base : .path(base, steps)
    }

    private mutating func primary() throws -> Expression {
        switch token.kind {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return .constant(.bool(true))
            case "false", "False": return .constant(.bool(false))
            case "none", "None": return .constant(.none)
            default:
                if !askedNames.isEmpty { askedNames[askedNames.count - 1].insert(name) }
                return .name(name)
            }
        case .text(var units):
            advance()
            while case .text(let more) = token.kind {
                units += more
                advance()
            }
            return .constant(.text(units))
        case .integer(let number):
            advance()
            return .constant(.int(number))
        case .float(let number):
            advance()
            return .constant(.float(number))
        case .symbol("("):
            advance()
            let inner = try tuple(inParentheses: true)
            try expect(.symbol(")"))
            return inner
        case .symbol("["): return .list(try items(closedBy: "]") { parser in try parser.expression() })
        case .symbol("{"):
            return .mapping(
                try items(closedBy: "}") { parser in
                    let key = try parser.expression()
                    try parser.expect(.symbol(":"))
                    return (key, try parser.expression())
                })
        default: throw fault("unexpected \(token.name)")
        }
    }

    /// Items with commas between them, and maybe one behind the last; the token is the opening bracket.
    private mutating func items<Item>(
        closedBy end: String, _ item: (inout Parser) throws -> Item
    ) throws -> [Item] {
        advance()
        var items: [Item] = []
        while !isSymbol(end) {
            if !items.isEmpty { try expect(.symbol(",")) }
            if isSymbol(end) { break }
            items.append(try item(&self))
        }
        advance()
        return items
    }
}
