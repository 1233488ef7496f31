/// Matches one pattern in a stretch of text; it sees nothing outside.
struct SplitMatcher {
    let text: UnsafeBufferPointer<UInt8>
    /// The stretch.
    let bounds: Range<Int>

    /// Where the first match that begins at `start` ends.
    func end(of node: SplitPattern.Node, from start: Int) -> Int? {
        var found: Int?
        _ = match(node, at: start) {
            found = $0
            return true
        }
        return found
    }

    /// Tries the ways in which `node` matches at `index`, in order, until `next` takes the end of one.
    private func match(_ node: SplitPattern.Node, at index: Int, _ next: (Int) -> Bool) -> Bool {
        switch node {
        case .set(let set): return scalar(of: set, at: index).map(next) ?? false
        case .sequence(let parts): return match(parts[...], at: index, next)
        case .choice(let choices): return choices.contains { match($0, at: index, next) }
        case .run(let set, let counts, .lazy): return matchLazyRun(of: set, counts, at: index, next)
        case .run(let set, let counts, let greed):
            return matchRun(of: set, counts, greed == .possessive, at: index, next)
        case .turns(let part, let counts): return matchTurns(of: part, counts, at: index, next)
        case .optional(let part, .lazy): return next(index) || match(part, at: index, next)
        case .optional(let part, _): return match(part, at: index, next) || next(index)
        case .atomic(let part): return end(of: part, from: index).map(next) ?? false
        case .ahead(let part, let wanted): return (end(of: part, from: index) != nil) == wanted && next(index)
        case .behind(let part, let lengths, let wanted):
            return stands(part, lengths, before: index) == wanted && next(index)
        case .border(let border): return isAt(border, index) && next(index)
        }
    }

    private func match(_ parts: ArraySlice<SplitPattern.Node>, at index: Int, _ next: (Int) -> Bool) -> Bool {
        guard let first = parts.first else { return next(index) }
        return match(first, at: index) { match(parts.dropFirst(), at: $0, next) }
    }

    private func scalar(of set: ScalarSet, at index: Int) -> Int? {
        guard index < bounds.upperBound else { return nil }
        let (value, next) = ClassifiedText.value(at: index, before: bounds.upperBound, in: text)
        return set.contains(value) ? next : nil
    }

    private func matchRun(
        of set: ScalarSet, _ counts: ClosedRange<Int>, _ possessive: Bool, at start: Int, _ next: (Int) -> Bool
    ) -> Bool {
        var (index, count) = (start, 0)
        while count < counts.upperBound, let after = scalar(of: set, at: index) { (index, count) = (after, count + 1) }
        guard !possessive else { return count >= counts.lowerBound && next(index) }
        while count >= counts.lowerBound {
            if next(index) { return true }
            guard index > start else { return false }
            index = startOfScalar(before: index)
            count -= 1
        }
        return false
    }

    private func matchLazyRun(
        of set: ScalarSet, _ counts: ClosedRange<Int>, at start: Int, _ next: (Int) -> Bool
    ) -> Bool {
        var (index, count) = (start, 0)
        while count < counts.lowerBound || !next(index) {
            guard count < counts.upperBound, let after = scalar(of: set, at: index) else { return false }
            (index, count) = (after, count + 1)
        }
        return true
    }

    private func matchTurns(
        of part: SplitPattern.Node, _ counts: ClosedRange<Int>, at start: Int, _ next: (Int) -> Bool
    ) -> Bool {
        var ends = [start]
        while ends.count <= counts.upperBound, let end = end(of: part, from: ends[ends.count - 1]) { ends.append(end) }
        return ends.dropFirst(counts.lowerBound).reversed().contains(where: next)
    }

    /// Whether a match of `part` ends at `index`, one of `lengths` characters.
    private func stands(_ part: SplitPattern.Node, _ lengths: ClosedRange<Int>, before index: Int) -> Bool {
        var (start, length) = (index, 0)
        while true {
            if length >= lengths.lowerBound, match(part, at: start, { $0 == index }) { return true }
            guard length < lengths.upperBound, start > bounds.lowerBound else { return false }
            start = startOfScalar(before: start)
            length += 1
        }
    }

    private func startOfScalar(before end: Int) -> Int {
        var index = end - 1
        while index > bounds.lowerBound, text[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }

    /// Lines as Oniguruma has them: none begins after a newline at the end of the text.
    private func isAt(_ border: SplitPattern.Border, _ index: Int) -> Bool {
        let (isFirst, isLast) = (index == bounds.lowerBound, index == bounds.upperBound)
        let newline = UInt8(ascii: "\n")
        switch border {
        case .textStart: return isFirst
        case .textEnd: return isLast
        case .lineStart: return isFirst || !isLast && text[index - 1] == newline
        case .lineEnd: return isLast || text[index] == newline
        case .word, .noWord:
            let before = !isFirst && scalar(of: .wordAlone, at: startOfScalar(before: index)) != nil
            return (before != (scalar(of: .wordAlone, at: index) != nil)) == (border == .word)
        }
    }
}
