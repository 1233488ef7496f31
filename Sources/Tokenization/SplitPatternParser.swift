/// Reads a pattern's expression: alternatives, sequences and what repeats. What stands for one character is read in
/// SplitPatternParser+Characters.
struct SplitPatternParser {
    let scalars: [Unicode.Scalar]
    var index = 0
    var depth = 0
    /// What `(?i)` and `(?m)` switch.
    private var anyCase = false
    private var dotTakesNewlines = false

    private static let longest = 4096
    static let deepest = 16
    private static let mostRuns = 5
    /// Groups that repeat no more often are written out.
    private static let mostCopies = 8

    init(_ source: String) { scalars = Array(source.unicodeScalars) }

    mutating func parse() throws(SplitPatternError) -> SplitPattern.Node {
        guard scalars.count <= Self.longest else { throw SplitPatternError(reason: "is too long") }
        let node = try choice()
        guard index == scalars.count else { throw unsupported() }
        try node.checkTurns(isLast: true)
        return node
    }

    var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func take(_ text: String) -> Bool {
        let wanted = text.unicodeScalars
        guard scalars[index...].starts(with: wanted) else { return false }
        index += wanted.count
        return true
    }

    func unsupported() -> SplitPatternError {
        let rest = String(String.UnicodeScalarView(scalars[min(index, scalars.count)...].prefix(12)))
        return SplitPatternError(reason: "cannot be read at '\(rest)'")
    }

    private mutating func choice() throws(SplitPatternError) -> SplitPattern.Node {
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws(SplitPatternError) -> SplitPattern.Node {
        var parts: [SplitPattern.Node] = []
        while let next = peek, next != "|", next != ")" { parts.append(try repetition(of: try atom())) }
        guard parts.count(where: \.isEndless) <= Self.mostRuns else {
            throw SplitPatternError(reason: "repeats too much in one alternative")
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom() throws(SplitPatternError) -> SplitPattern.Node {
        if take("(") { return try group() }
        if take("^") { return .border(.lineStart) }
        if take("$") { return .border(.lineEnd) }
        if take("\\A") { return .border(.textStart) }
        if take("\\z") { return .border(.textEnd) }
        if take("\\b") { return .border(.word) }
        if take("\\B") { return .border(.noWord) }
        if take(".") { return .set(dotTakesNewlines ? ScalarSet().negated : ScalarSet(0x0A).negated) }
        if take("[") { return .set(cased(try bracket())) }
        guard let next = peek, !"*+?)".unicodeScalars.contains(next), next != "{" || !startsCounts else {
            throw unsupported()
        }
        return .set(cased(try scalarOrClass().set))
    }

    private func cased(_ set: ScalarSet) -> ScalarSet { anyCase ? set.anyCase : set }

    /// What stands in parentheses, after the first one.
    private mutating func group() throws(SplitPatternError) -> SplitPattern.Node {
        if take("?#") {
            guard let close = scalars[index...].firstIndex(of: ")") else { throw unsupported() }
            index = close + 1
            return .sequence([])
        }
        if take("?=") { return .ahead(try inner(), wanted: true) }
        if take("?!") { return .ahead(try inner(), wanted: false) }
        if take("?<=") { return try behind(wanted: true) }
        if take("?<!") { return try behind(wanted: false) }
        if take("?>") { return .atomic(try inner()) }
        if take("?<") {
            guard let close = scalars[index...].firstIndex(of: ">") else { throw unsupported() }
            index = close + 1
            return try inner()
        }
        guard take("?") else { return try inner() }
        let outer = (anyCase, dotTakesNewlines)
        defer { (anyCase, dotTakesNewlines) = outer }
        try flags()
        if take(":") { return try inner() }
        // Switches for the rest of the group that they stand in.
        guard take(")") else { throw unsupported() }
        return try choice()
    }

    private mutating func flags() throws(SplitPatternError) {
        var isOn = true
        while let flag = peek, flag != ":", flag != ")" {
            switch flag {
            case "-": isOn = false
            case "i": anyCase = isOn
            case "m": dotTakesNewlines = isOn
            default: throw unsupported()
            }
            index += 1
        }
    }

    private mutating func inner() throws(SplitPatternError) -> SplitPattern.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw SplitPatternError(reason: "nests too deep") }
        let (outerCase, outerDot) = (anyCase, dotTakesNewlines)
        defer { (anyCase, dotTakesNewlines) = (outerCase, outerDot) }
        let node = try choice()
        guard take(")") else { throw unsupported() }
        return node
    }

    private mutating func behind(wanted: Bool) throws(SplitPatternError) -> SplitPattern.Node {
        let node = try inner()
        let lengths = node.lengths
        guard lengths.upperBound < .max else { throw SplitPatternError(reason: "looks behind without limit") }
        return .behind(node, lengths: lengths, wanted: wanted)
    }

    private mutating func repetition(of node: SplitPattern.Node) throws(SplitPatternError) -> SplitPattern.Node {
        var node = node
        while let (counts, hasBraces) = try counts() {
            // After braces a plus repeats once more.
            let greed: SplitPattern.Greed = !hasBraces && take("+") ? .possessive : take("?") ? .lazy : .greedy
            if hasBraces, greed == .lazy, counts.count == 1 { throw unsupported() }
            node = try repeated(node, counts, greed)
        }
        return node
    }

    private func repeated(
        _ node: SplitPattern.Node, _ counts: ClosedRange<Int>, _ greed: SplitPattern.Greed
    ) throws(SplitPatternError) -> SplitPattern.Node {
        if case .set(let set) = node { return .run(set, counts, greed) }
        if greed == .possessive { return .atomic(try repeated(node, counts, .greedy)) }
        // Turns of one to several are one or more.
        if case .run(let set, let turn, .greedy) = node, turn.lowerBound == 1, counts == 1...Int.max, greed == .greedy {
            return .run(set, counts, .greedy)
        }
        if counts.upperBound <= Self.mostCopies {
            var rest = SplitPattern.Node.sequence([])
            for count in (0..<counts.upperBound).reversed() {
                let turn = SplitPattern.Node.sequence([node, rest])
                rest = count < counts.lowerBound ? turn : .optional(turn, greed)
            }
            return rest
        }
        guard greed == .greedy, node.lengths.lowerBound > 0 else { throw SplitPatternError(reason: "repeats a group") }
        return .turns(node, counts)
    }

    private var startsCounts: Bool {
        var parser = self
        return ((try? parser.counts()) ?? nil) != nil
    }

    /// How often what stands before repeats, and whether braces say so; nil where nothing does.
    private mutating func counts() throws(SplitPatternError) -> (ClosedRange<Int>, hasBraces: Bool)? {
        if take("*") { return (0...Int.max, false) }
        if take("+") { return (1...Int.max, false) }
        if take("?") { return (0...1, false) }
        let start = index
        guard take("{") else { return nil }
        let least = number()
        var most = least
        if take(",") { most = number() ?? (least == nil ? nil : .max) }
        guard take("}"), least != nil || most != nil else {
            index = start
            return nil
        }
        guard let most, least ?? 0 <= most else { throw unsupported() }
        return ((least ?? 0)...most, true)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let next = peek, ("0"..."9").contains(next), digits.count < 4 {
            digits.unicodeScalars.append(next)
            index += 1
        }
        return Int(digits)
    }
}
