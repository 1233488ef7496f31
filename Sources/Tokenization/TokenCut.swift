/// A special token that is cut out of a text, with the text before it that no other token took.
struct TokenCut {
    let text: Range<Int>
    let id: TokenID
}

/// The special tokens that a matcher finds in a text and that the vocabulary's rules let stand there, in order. Tokens are
/// found as they stand, then those that do so swallow the white space beside them, be it another's text.
struct TokenCuts {
    private let vocabulary: Vocabulary
    private let matcher: TextMatcher
    private let text: UnsafeBufferPointer<UInt8>
    /// Where the search goes on.
    private var index = 0
    /// Where the text begins that no token has taken.
    private var start = 0

    init(_ vocabulary: Vocabulary, _ matcher: TextMatcher, in text: UnsafeBufferPointer<UInt8>) {
        (self.vocabulary, self.matcher, self.text) = (vocabulary, matcher, text)
    }

    /// What is left behind the last token.
    var rest: Range<Int> { start..<text.count }

    mutating func next() -> TokenCut? {
        while let (range, id) = matcher.firstMatch(in: text, from: index) {
            index = range.upperBound
            if vocabulary.rules.wholeWords.contains(id), ClassifiedText(text).touchesWord(range) { continue }
            let (first, end) = (textEnd(before: range, id), textStart(after: range, id))
            defer { start = end }
            // One that swallows to its left is none where another has swallowed all of it.
            if first < end { return TokenCut(text: start..<max(start, first), id: id) }
        }
        return nil
    }

    private func textEnd(before range: Range<Int>, _ id: TokenID) -> Int {
        guard vocabulary.rules.stripsLeft.contains(id) else { return range.lowerBound }
        let before = ClassifiedText(text)
        var end = max(range.lowerBound, start)
        while end > start {
            let index = before.startOfScalar(before: end, from: start)
            guard before.scalar(at: index, before: end).class.contains(.space) else { break }
            end = index
        }
        return end
    }

    private func textStart(after range: Range<Int>, _ id: TokenID) -> Int {
        guard vocabulary.rules.stripsRight.contains(id) else { return range.upperBound }
        return ClassifiedText(text).endOfRun(of: .space, from: range.upperBound, before: text.count)
    }
}

extension ClassifiedText {
    /// Where the scalar begins that ends at `end`, at least at `start`.
    fileprivate func startOfScalar(before end: Int, from start: Int) -> Int {
        var index = end - 1
        while index > start, text[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }

    /// Whether what stands before or after `range` is a part of a word (`\w`).
    fileprivate func touchesWord(_ range: Range<Int>) -> Bool {
        if range.lowerBound > 0, isWord(at: startOfScalar(before: range.lowerBound, from: 0)) { return true }
        return range.upperBound < text.count && isWord(at: range.upperBound)
    }

    private func isWord(at index: Int) -> Bool {
        let value = Self.value(at: index, before: text.count, in: text).0
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return properties.isAlphabetic || properties.isJoinControl
        }
    }
}
