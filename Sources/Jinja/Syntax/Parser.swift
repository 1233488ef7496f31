/// Turns tokens into statements, by Jinja's grammar.
struct Parser {
    private let tokens: [Token]
    private var index = 0
    /// Constructs around the one being read.
    private var depth = 0
    /// Loops around the statement being read, up to the next macro.
    var loopDepth = 0
    /// The names that macros around the place being read have asked for.
    var askedNames: [Set<String>] = []

    static func statements(of source: String) throws -> [Statement] {
        var parser = Parser(tokens: try Lexer.tokens(of: source))
        return try parser.statements(until: [])
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    // MARK: Tokens

    var token: Token { tokens[index] }
    var next: Token { tokens[min(index + 1, tokens.count - 1)] }
    var line: Int { token.line }

    mutating func advance() { index = min(index + 1, tokens.count - 1) }

    func fault(_ message: String) -> TemplateError { TemplateError(.syntax, message, line: line) }

    func isSymbol(_ symbol: String) -> Bool { token.kind == .symbol(symbol) }
    func isName(_ name: String) -> Bool { token.kind == .name(name) }

    mutating func skip(symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func skip(name: String) -> Bool {
        guard isName(name) else { return false }
        advance()
        return true
    }

    mutating func expect(_ kind: Token.Kind) throws {
        guard token.kind == kind else {
            throw fault("expected \(Token(kind: kind, line: 0).name), found \(token.name)")
        }
        advance()
    }

    mutating func expectName() throws -> String {
        guard case .name(let name) = token.kind else { throw fault("expected a name, found \(token.name)") }
        advance()
        return name
    }

    /// Counts what lies inside each other, so that neither reading nor rendering runs out of stack.
    mutating func nested<Result>(_ body: (inout Parser) throws -> Result) throws -> Result {
        guard depth < Limits.syntaxDepth else {
            throw TemplateError(.limit, "more than \(Limits.syntaxDepth) constructs inside each other", line: line)
        }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    // MARK: Statements

    /// Text and tags up to one of the tags named, which is then the token; without names, up to the end.
    mutating func statements(until ends: [String]) throws -> [Statement] {
        var body: [Statement] = []
        while true {
            switch token.kind {
            case .data(let units):
                body.append(.text(units))
                advance()
            case .variableBegin:
                let line = line
                advance()
                body.append(.output(try tuple(), line: line))
                try expect(.variableEnd)
            case .blockBegin:
                advance()
                if case .name(let name) = token.kind, ends.contains(name) { return body }
                if let statement = try nested({ parser in try parser.statement(ends) }) { body.append(statement) }
                try expect(.blockEnd)
            default:
                if ends.isEmpty { return body }
                let list = ends.map { "{% \($0) %}" }.joined(separator: " or ")
                throw fault("expected \(list), found \(token.name)")
            }
        }
    }

    /// What stands between a block's first tag and one of `ends`.
    mutating func body(until ends: String...) throws -> [Statement] {
        _ = skip(symbol: ":")
        try expect(.blockEnd)
        return try statements(until: ends)
    }

    /// A block that ends with `end`, which is read too.
    mutating func body(closedBy end: String) throws -> [Statement] {
        let body = try body(until: end)
        advance()
        return body
    }
}
