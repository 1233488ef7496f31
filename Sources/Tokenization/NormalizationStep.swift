/// One thing that a tokenizer does to a text before it cuts it.
public enum NormalizationStep: Sendable, Equatable {
    /// Unicode's forms.
    case nfc, nfd, nfkc, nfkd
    case lowercased
    /// Without marks, such as accents that stand for themselves.
    case withoutMarks
    /// Without white space at the ends.
    case stripped(left: Bool, right: Bool)
    /// With a text in front, unless there is none.
    case prefixed([UInt8])
    /// With each match of a pattern replaced.
    case replaced(SplitPattern, [UInt8])

    func applied(to text: [UInt8]) -> [UInt8] {
        switch self {
        case .nfc: Self.composed(text)
        case .nfd: Decomposer.canonical.decomposed(text)
        case .nfkc: Self.composed(Decomposer.compatible.decomposed(text))
        case .nfkd: Decomposer.compatible.decomposed(text)
        case .lowercased: Self.lowercased(text)
        case .withoutMarks: Self.filtered(text) { !Self.isMark($0) }
        case .stripped(let left, let right): Self.stripped(text, left, right)
        case .prefixed(let prefix): text.isEmpty ? text : prefix + text
        case .replaced(let pattern, let content): Self.replaced(text, pattern, content)
        }
    }

    private static func composed(_ text: [UInt8]) -> [UInt8] {
        text.withUnsafeBufferPointer { CanonicalComposition.composed($0) } ?? text
    }

    /// Character by character, as the reference does: a sigma at the end of a word is one like others.
    private static func lowercased(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            result.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
        }
        return result
    }

    private static func filtered(_ text: [UInt8], _ isKept: (Unicode.Scalar) -> Bool) -> [UInt8] {
        Array(
            String(String.UnicodeScalarView(String(decoding: text, as: UTF8.self).unicodeScalars.filter(isKept))).utf8)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        // What was a mark in the reference's Unicode and is none today, and the other way round.
        if scalar.value == 0x1CF2 || scalar.value == 0x1CF3 { return true }
        guard scalar.value >= 0x300, scalar.value != 0x111C9,
            scalar.properties.isKnown(since: CanonicalComposition.version)
        else {
            return false
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }

    private static func stripped(_ text: [UInt8], _ left: Bool, _ right: Bool) -> [UInt8] {
        var scalars = String(decoding: text, as: UTF8.self).unicodeScalars[...]
        if left { scalars = scalars.drop { $0.properties.isWhitespace } }
        if right {
            while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        }
        return Array(String(String.UnicodeScalarView(scalars)).utf8)
    }

    private static func replaced(_ text: [UInt8], _ pattern: SplitPattern, _ content: [UInt8]) -> [UInt8] {
        text.withUnsafeBufferPointer { text in
            var result: [UInt8] = []
            var start = 0
            pattern.forEachMatch(in: 0..<text.count, of: text) { match in
                result.append(contentsOf: text[start..<match.lowerBound])
                result.append(contentsOf: content)
                start = match.upperBound
            }
            result.append(contentsOf: text[start...])
            return result
        }
    }
}

extension [NormalizationStep] {
    /// A text after all steps.
    func applied(to text: some Collection<UInt8>) -> [UInt8] { reduce([UInt8](text)) { $1.applied(to: $0) } }
}
