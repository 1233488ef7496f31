/// Matches one pattern in a stretch of text.
struct SplitMatcher {
    let text: UnsafeBufferPointer<UInt8>
    /// Where the stretch ends.
    let end: Int

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
        case .run(let set, let counts, let possessive):
            return matchRun(of: set, counts, possessive, at: index, next)
        case .optional(let part): return match(part, at: index, next) || next(index)
        case .ahead(let part, let wanted): return (end(of: part, from: index) != nil) == wanted && next(index)
        case .end: return index == end && next(index)
        }
    }

    private func match(_ parts: ArraySlice<SplitPattern.Node>, at index: Int, _ next: (Int) -> Bool) -> Bool {
        guard let first = parts.first else { return next(index) }
        return match(first, at: index) { match(parts.dropFirst(), at: $0, next) }
    }

    private func scalar(of set: ScalarSet, at index: Int) -> Int? {
        guard index < end else { return nil }
        let (value, next) = ClassifiedText.value(at: index, before: end, in: text)
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
            index -= 1
            while index > start, text[index] & 0xC0 == 0x80 { index -= 1 }
            count -= 1
        }
        return false
    }
}
