/// Cuts a template's source into tokens, with `trim_blocks` and `lstrip_blocks` on, as chat templates are written for.
struct Lexer {
    let source: [Unicode.Scalar]
    var position = 0
    private var line = 1
    private var tokens: [Token] = []
    /// Whether what comes next is at the beginning of a line.
    private var startsLine = true

    private enum Opening { case variable, block, comment, raw }

    static func tokens(of source: String) throws -> [Token] {
        guard source.utf8.count <= Limits.sourceLength else {
            throw TemplateError(.limit, "the template is longer than \(Limits.sourceLength >> 20) MiB", line: 1)
        }
        var lexer = Lexer(source)
        try lexer.readAll()
        return lexer.tokens
    }

    /// Line ends become `\n`, and the last one is not part of the template.
    private init(_ source: String) {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(source.utf8.count)
        var afterReturn = false
        for scalar in source.unicodeScalars {
            if !(afterReturn && scalar == "\n") { scalars.append(scalar == "\r" ? "\n" : scalar) }
            afterReturn = scalar == "\r"
        }
        if scalars.last == "\n" { scalars.removeLast() }
        self.source = scalars
    }

    private mutating func readAll() throws {
        while position < source.count {
            let start = position
            guard let (opening, end, sign) = findOpening() else {
                append(.data(units(start..<source.count)))
                position = source.count
                break
            }
            appendData(start..<position, sign: sign, isBlock: opening != .variable)
            countLines(start..<end)
            startsLine = source[end - 1] == "\n"
            position = end
            switch opening {
            case .comment: try skipComment()
            case .raw: try readRaw()
            case .variable, .block: try readTag(isBlock: opening == .block)
            }
        }
        append(.end)
    }

    mutating func append(_ kind: Token.Kind) { tokens.append(Token(kind: kind, line: line)) }

    func fault(_ message: String) -> TemplateError { TemplateError(.syntax, message, line: line) }

    private func units(_ range: Range<Int>) -> [TextUnit] { source[range].map { TextUnit($0) } }

    mutating func countLines(_ range: Range<Int>) { line += source[range].count { $0 == "\n" } }

    private func scalar(_ index: Int) -> Unicode.Scalar? { index < source.count ? source[index] : nil }

    private func matches(_ text: String, at index: Int) -> Bool {
        index + text.unicodeScalars.count <= source.count && source[index...].starts(with: text.unicodeScalars)
    }

    func endOfSpaces(from start: Int) -> Int {
        source[start...].firstIndex { !TextUnit($0).isSpace } ?? source.count
    }

    /// Moves to the next tag; returns its kind, where its inside begins and its sign.
    private mutating func findOpening() -> (Opening, end: Int, sign: Unicode.Scalar?)? {
        while position + 1 < source.count {
            if source[position] == "{" {
                let kind: Opening? =
                    switch source[position + 1] {
                    case "{": .variable
                    case "%": .block
                    case "#": .comment
                    default: nil
                    }
                if let kind {
                    let sign = scalar(position + 2).flatMap { $0 == "-" || $0 == "+" ? $0 : nil }
                    let end = position + (sign == nil ? 2 : 3)
                    if kind == .block, let rawEnd = endOfRawTag(from: end) { return (.raw, rawEnd, sign) }
                    return (kind, end, sign)
                }
            }
            position += 1
        }
        return nil
    }

    /// Where the rest of `{% raw %}` ends, from behind the sign on; nil where it is another tag.
    private func endOfRawTag(from start: Int) -> Int? {
        let name = endOfSpaces(from: start)
        guard matches("raw", at: name) else { return nil }
        let end = endOfSpaces(from: name + 3)
        if matches("-%}", at: end) { return endOfSpaces(from: end + 3) }
        return matches("%}", at: end) ? end + 2 : nil
    }

    /// Text in front of a tag, without the white space that the tag takes.
    private mutating func appendData(_ range: Range<Int>, sign: Unicode.Scalar?, isBlock: Bool) {
        var end = range.upperBound
        if sign == "-" {
            while end > range.lowerBound, TextUnit(source[end - 1]).isSpace { end -= 1 }
        } else if sign != "+", isBlock {
            var start = end
            while start > range.lowerBound, source[start - 1] != "\n", TextUnit(source[start - 1]).isSpace {
                start -= 1
            }
            let isIndent = start > range.lowerBound ? source[start - 1] == "\n" : startsLine
            if isIndent { end = start }
        }
        if end > range.lowerBound { append(.data(units(range.lowerBound..<end))) }
    }

    /// Where a closing `%}` or `#}` at `index` ends with the white space that it takes; nil where there is none.
    func endOfClosing(_ closing: String, at index: Int) -> Int? {
        if matches("-" + closing, at: index) { return endOfSpaces(from: index + 3) }
        if matches("+" + closing, at: index), closing != "}}" { return index + 3 }
        guard matches(closing, at: index) else { return nil }
        return index + (closing != "}}" && scalar(index + 2) == "\n" ? 3 : 2)
    }

    mutating func skip(to end: Int) {
        countLines(position..<end)
        startsLine = source[end - 1] == "\n"
        position = end
    }

    private mutating func skipComment() throws {
        var index = position
        while index < source.count {
            if let end = endOfClosing("#}", at: index) { return skip(to: end) }
            index += 1
        }
        throw fault("a comment is not closed by #}")
    }

    private mutating func readRaw() throws {
        var index = position
        while index < source.count {
            if matches("{%", at: index) {
                let sign = scalar(index + 2).flatMap { $0 == "-" || $0 == "+" ? $0 : nil }
                let name = endOfSpaces(from: index + (sign == nil ? 2 : 3))
                if matches("endraw", at: name), let end = endOfClosing("%}", at: endOfSpaces(from: name + 6)) {
                    appendData(position..<index, sign: sign, isBlock: true)
                    return skip(to: end)
                }
            }
            index += 1
        }
        throw fault("a raw block is not closed by {% endraw %}")
    }
}
