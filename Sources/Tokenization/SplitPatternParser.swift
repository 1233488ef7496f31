/// Reads a pattern's expression.
struct SplitPatternParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0
    private var anyCase = false

    private static let longest = 4096
    private static let deepest = 16
    private static let mostRuns = 5

    init(_ source: String) { scalars = Array(source.unicodeScalars) }

    mutating func parse() throws(SplitPatternError) -> SplitPattern.Node {
        guard scalars.count <= Self.longest else { throw SplitPatternError(reason: "is too long") }
        let node = try choice()
        guard index == scalars.count else { throw unsupported() }
        return node
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ text: String) -> Bool {
        let wanted = text.unicodeScalars
        guard scalars[index...].starts(with: wanted) else { return false }
        index += wanted.count
        return true
    }

    private func unsupported() -> SplitPatternError {
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
        let runs = parts.count { if case .run(_, let counts, false) = $0 { counts.upperBound == .max } else { false } }
        guard runs <= Self.mostRuns else { throw SplitPatternError(reason: "repeats too much in one alternative") }
        return .sequence(parts)
    }

    private mutating func atom() throws(SplitPatternError) -> SplitPattern.Node {
        if take("(?:") { return try group() }
        if take("(?=") { return .ahead(try group(), wanted: true) }
        if take("(?!") { return .ahead(try group(), wanted: false) }
        if take("(?i:") {
            let outer = anyCase
            anyCase = true
            defer { anyCase = outer }
            return try group()
        }
        if scalars[index...].starts(with: "(?".unicodeScalars) { throw unsupported() }
        if take("(") { return try group() }
        if take("$") { return .end }
        if take(".") { return .set(ScalarSet(0x0A).negated) }
        if take("[") { return .set(cased(try bracket())) }
        guard let next = peek, !"*+?{}^)".unicodeScalars.contains(next) else { throw unsupported() }
        return .set(cased(try scalarOrClass().set))
    }

    private func cased(_ set: ScalarSet) -> ScalarSet { anyCase ? set.anyCase : set }

    private mutating func group() throws(SplitPatternError) -> SplitPattern.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw SplitPatternError(reason: "nests too deep") }
        let node = try choice()
        guard take(")") else { throw unsupported() }
        return node
    }

    private mutating func repetition(of node: SplitPattern.Node) throws(SplitPatternError) -> SplitPattern.Node {
        guard let counts = try counts() else { return node }
        let possessive = take("+")
        if peek == "?" || peek == "*" || peek == "+" { throw unsupported() }
        if case .set(let set) = node { return .run(set, counts, possessive: possessive) }
        guard counts == 0...1, !possessive else {
            throw SplitPatternError(reason: "repeats a group")
        }
        return .optional(node)
    }

    /// How often what stands before repeats; nil where nothing says so.
    private mutating func counts() throws(SplitPatternError) -> ClosedRange<Int>? {
        if take("*") { return 0...Int.max }
        if take("+") { return 1...Int.max }
        if take("?") { return 0...1 }
        guard take("{") else { return nil }
        guard let least = number() else { throw unsupported() }
        var most = least
        if take(",") { most = number() ?? .max }
        guard take("}"), least <= most else { throw unsupported() }
        return least...most
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let next = peek, ("0"..."9").contains(next), digits.count < 4 {
            digits.unicodeScalars.append(next)
            index += 1
        }
        return Int(digits)
    }

    /// What stands in brackets, after the first one.
    private mutating func bracket() throws(SplitPatternError) -> ScalarSet {
        let isNegated = take("^")
        var set = ScalarSet()
        while !take("]") {
            guard let next = peek, next != "[", !scalars[index...].starts(with: "&&".unicodeScalars) else {
                throw unsupported()
            }
            let (item, first) = try scalarOrClass()
            guard let first, peek == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
                set.insert(item)
                continue
            }
            index += 1
            guard let last = try scalarOrClass().value, first <= last else { throw unsupported() }
            set.insert(first...last)
        }
        return isNegated ? set.negated : set.finished()
    }

    /// One character or an escape for several; `value` is nil for those.
    private mutating func scalarOrClass() throws(SplitPatternError) -> (set: ScalarSet, value: UInt32?) {
        guard let scalar = peek else { throw unsupported() }
        index += 1
        guard scalar == "\\" else { return (ScalarSet(scalar.value).finished(), scalar.value) }
        guard let escaped = peek else { throw unsupported() }
        index += 1
        switch escaped {
        case "r": return (ScalarSet(0x0D).finished(), 0x0D)
        case "n": return (ScalarSet(0x0A).finished(), 0x0A)
        case "t": return (ScalarSet(0x09).finished(), 0x09)
        case "s": return (.space, nil)
        case "S": return (ScalarSet.space.negated, nil)
        case "d": return (ScalarSet(category: "Nd")!, nil)
        case "p", "P":
            guard take("{"), let close = scalars[index...].firstIndex(of: "}"),
                let set = ScalarSet(category: String(String.UnicodeScalarView(scalars[index..<close])))
            else { throw unsupported() }
            index = close + 1
            return (escaped == "p" ? set : set.negated, nil)
        default:
            guard !escaped.properties.isAlphabetic, !("0"..."9").contains(escaped) else {
                index -= 2
                throw unsupported()
            }
            return (ScalarSet(escaped.value).finished(), escaped.value)
        }
    }
}
