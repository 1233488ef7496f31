/// Patterns that tell upper from lower case: words end where a new capital begins.
extension PieceScanner {
    /// `X?U*L+C|X?U+L*C|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+` with X = `[^\r\n\p{L}\p{N}]`,
    /// U = `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, L = `[\p{Ll}\p{Lm}\p{Lo}\p{M}]` and C an optional contraction.
    func endOfCasedPiece(from start: Int, before end: Int, digits: Int, contractions: Bool) -> Int {
        if let wordEnd = endOfCasedWord(from: start, before: end) {
            guard contractions, wordEnd < end else { return wordEnd }
            return text.endOfContraction(from: wordEnd, before: end, anyCase: true) ?? wordEnd
        }
        var (found, next) = text.scalar(at: start, before: end)
        if found.contains(.number) { return endOfNumber(from: start, before: end, digits: digits) }
        if text.text[start] == UInt8(ascii: " "), next < end {
            let (following, afterIt) = text.scalar(at: next, before: end)
            if following.isDisjoint(with: [.space, .letter, .number]) { (found, next) = (following, afterIt) }
        }
        guard found.contains(.space) else {
            var index = text.endOfRun(without: [.space, .letter, .number], from: next, before: end)
            while index < end, "\r\n/".utf8.contains(text.text[index]) { index += 1 }
            return index
        }
        return endOfLastNewline(from: start, before: end) ?? text.endOfSpaces(from: start, before: end)
    }

    /// The first of the two word patterns that matches, each first with a character before the word, then without.
    private func endOfCasedWord(from start: Int, before end: Int) -> Int? {
        let (found, next) = text.scalar(at: start, before: end)
        let hasPrefix = found.isDisjoint(with: [.newline, .letter, .number]) && next < end
        let starts = hasPrefix ? [next, start] : [start]
        for start in starts {
            if let end = endOfWordInLowerCase(from: start, before: end) { return end }
        }
        for start in starts {
            let upperEnd = text.endOfRun(of: .upper, from: start, before: end)
            if upperEnd > start { return text.endOfRun(of: .lower, from: upperEnd, before: end) }
        }
        return nil
    }

    /// `U*L+`: where no lower case follows the capitals, the last of them that may be either counts as lower case.
    private func endOfWordInLowerCase(from start: Int, before end: Int) -> Int? {
        var index = start
        var lastLowerEnd: Int?
        while index < end {
            let (found, next) = text.scalar(at: index, before: end)
            guard found.contains(.upper) else { break }
            if found.contains(.lower) { lastLowerEnd = next }
            index = next
        }
        let lowerEnd = text.endOfRun(of: .lower, from: index, before: end)
        return lowerEnd > index ? lowerEnd : lastLowerEnd
    }
}
