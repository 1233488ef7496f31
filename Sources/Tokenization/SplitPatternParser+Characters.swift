/// What stands for one character: itself, an escape, or a set in brackets.
extension SplitPatternParser {
    /// What stands in brackets, after the first one: members, sets in it, and what all of them must be in too.
    mutating func bracket() throws(SplitPatternError) -> ScalarSet {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw SplitPatternError(reason: "nests too deep") }
        let isNegated = take("^")
        var groups = [ScalarSet()]
        var isFirst = true
        while isFirst || peek != "]" {
            isFirst = false
            guard peek != nil, !scalars[index...].starts(with: "[:".unicodeScalars) else { throw unsupported() }
            if take("&&") {
                groups.append(ScalarSet())
            } else if take("[") {
                groups[groups.count - 1].insert(try bracket())
            } else {
                try insertMember(into: &groups[groups.count - 1])
            }
        }
        index += 1
        var set = groups[0]
        for limit in groups.dropFirst() { set.intersect(limit.finished()) }
        return isNegated ? set.negated : set.finished()
    }

    /// One character, a class, or a range.
    private mutating func insertMember(into set: inout ScalarSet) throws(SplitPatternError) {
        let (item, first) = try scalarOrClass(isInSet: true)
        guard let first, peek == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
            return set.insert(item)
        }
        index += 1
        guard let last = try scalarOrClass(isInSet: true).value, first <= last else { throw unsupported() }
        set.insert(first...last)
    }

    /// One character or an escape for several; `value` is nil for those.
    mutating func scalarOrClass(isInSet: Bool = false) throws(SplitPatternError) -> (set: ScalarSet, value: UInt32?) {
        guard let scalar = peek else { throw unsupported() }
        index += 1
        guard scalar == "\\" else { return (ScalarSet(scalar.value).finished(), scalar.value) }
        guard let escaped = peek else { throw unsupported() }
        index += 1
        if let set = Self.classes[escaped] { return (set, nil) }
        if escaped == "w" || escaped == "W" {
            let set = isInSet ? ScalarSet.word : .wordAlone
            return (escaped == "w" ? set : set.negated, nil)
        }
        switch escaped {
        case "p", "P": return (try property(isNegated: escaped == "P"), nil)
        case "x" where take("{"): return try coded(digits: 1...8, end: "}")
        case "x": return try coded(digits: 2...2)
        case "u": return try coded(digits: 4...4)
        default: break
        }
        if let value = Self.controls[escaped] { return (ScalarSet(value).finished(), value) }
        guard !escaped.properties.isAlphabetic, !("0"..."9").contains(escaped) else {
            index -= 2
            throw unsupported()
        }
        return (ScalarSet(escaped.value).finished(), escaped.value)
    }

    private mutating func property(isNegated: Bool) throws(SplitPatternError) -> ScalarSet {
        let start = index
        guard take("{"), let close = scalars[index...].firstIndex(of: "}") else { throw unsupported() }
        let isInverted = take("^")
        guard let set = ScalarSet(category: String(String.UnicodeScalarView(scalars[index..<close]))) else {
            index = start
            throw unsupported()
        }
        index = close + 1
        return isNegated != isInverted ? set.negated : set
    }

    /// A character by its number in hexadecimal digits.
    private mutating func coded(
        digits: ClosedRange<Int>, end: String = ""
    ) throws(SplitPatternError) -> (set: ScalarSet, value: UInt32?) {
        var text = ""
        while let next = peek, text.count < digits.upperBound, next.properties.isASCIIHexDigit {
            text.unicodeScalars.append(next)
            index += 1
        }
        guard digits.contains(text.count), let value = UInt32(text, radix: 16), take(end) else { throw unsupported() }
        return (ScalarSet(value).finished(), value)
    }

    private static let classes: [Unicode.Scalar: ScalarSet] = [
        "s": .space, "S": ScalarSet.space.negated, "d": .decimal, "D": ScalarSet.decimal.negated,
    ]

    private static let controls: [Unicode.Scalar: UInt32] = [
        "r": 0x0D, "n": 0x0A, "t": 0x09, "f": 0x0C, "v": 0x0B, "a": 0x07, "e": 0x1B,
    ]
}
