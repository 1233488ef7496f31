/// A special token that is cut out of a text, with the white space that it swallows.
struct TokenCut {
    /// Where the text before the token ends.
    let textEnd: Int
    let id: TokenID
    /// Where the text after the token begins.
    let next: Int
}

extension Vocabulary {
    /// The first token that `matcher` finds in `text[start...]` and that the vocabulary's rules let stand there.
    func firstCut(by matcher: TextMatcher, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> TokenCut? {
        var index = start
        while let (range, id) = matcher.firstMatch(in: text, from: index) {
            if !rules.wholeWords.contains(id) || !ClassifiedText(text).touchesWord(range) {
                return TokenCut(
                    textEnd: textEnd(before: range, id, in: text, from: start), id: id,
                    next: textStart(after: range, id, in: text))
            }
            index = range.upperBound
        }
        return nil
    }

    private func textEnd(
        before range: Range<Int>, _ id: TokenID, in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int {
        guard rules.stripsLeft.contains(id) else { return range.lowerBound }
        let before = ClassifiedText(text)
        var end = range.lowerBound
        while end > start {
            let index = before.startOfScalar(before: end, from: start)
            guard before.scalar(at: index, before: end).class.contains(.space) else { break }
            end = index
        }
        return end
    }

    private func textStart(after range: Range<Int>, _ id: TokenID, in text: UnsafeBufferPointer<UInt8>) -> Int {
        guard rules.stripsRight.contains(id) else { return range.upperBound }
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
