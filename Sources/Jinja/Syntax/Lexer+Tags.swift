/// The inside of a tag.
extension Lexer {
    /// Everything up to the closing of a tag; a closing inside brackets is none.
    mutating func readTag(isBlock: Bool) throws {
        append(isBlock ? .blockBegin : .variableBegin)
        var open: [String] = []
        while true {
            if open.isEmpty, let end = endOfClosing(isBlock ? "%}" : "}}", at: position) {
                append(isBlock ? .blockEnd : .variableEnd)
                return skip(to: end)
            }
            guard position < source.count else { throw fault("a tag is not closed by \(isBlock ? "%}" : "}}")") }
            try readExpressionToken(&open)
        }
    }

    private mutating func readExpressionToken(_ open: inout [String]) throws {
        let first = source[position]
        if TextUnit(first).isSpace { return skip(to: endOfSpaces(from: position)) }
        var scanner = TokenScanner(source, position)
        let kind: Token.Kind
        do {
            if first == "'" || first == "\"" {
                kind = .text(try scanner.text())
            } else if let number = try scanner.number() {
                kind = number
            } else if let name = scanner.name() {
                kind = .name(name)
            } else if let symbol = scanner.symbol() {
                kind = .symbol(symbol)
                try balance(symbol, &open)
            } else {
                throw TokenScanner.Fault("unexpected character '\(first)'")
            }
        } catch let error as TokenScanner.Fault { throw fault(error.message) }
        append(kind)
        countLines(position..<scanner.position)
        position = scanner.position
    }

    private func balance(_ symbol: String, _ open: inout [String]) throws {
        switch symbol {
        case "(": open.append(")")
        case "[": open.append("]")
        case "{": open.append("}")
        case ")", "]", "}":
            guard let expected = open.popLast() else { throw fault("unexpected '\(symbol)'") }
            if expected != symbol { throw fault("unexpected '\(symbol)', expected '\(expected)'") }
        default: break
        }
    }
}
