/// Matches of a pattern and what stands between them, in order, on their way to becoming pieces.
struct SplitParts {
    private var parts: [(range: Range<Int>, isMatch: Bool)] = []
    private var end: Int?

    /// Adds a match, and before it what stands between it and the one before.
    ///
    /// - Parameter isMatch: what a match counts as.
    mutating func add(_ match: Range<Int>, isMatch: Bool, restOf region: Range<Int>) {
        let start = end ?? region.lowerBound
        if start < match.lowerBound { parts.append((start..<match.lowerBound, !isMatch)) }
        parts.append((match, isMatch))
        end = match.upperBound
    }

    /// Adds what stands after the last match.
    mutating func finish(_ region: Range<Int>, isMatch: Bool) {
        let start = end ?? region.lowerBound
        if start < region.upperBound { parts.append((start..<region.upperBound, !isMatch)) }
    }

    func append(to pieces: inout [Range<Int>], _ behavior: SplitPattern.Behavior) {
        let first = pieces.count
        switch behavior {
        case .isolated: pieces += parts.lazy.map(\.range)
        case .removed: pieces += parts.lazy.filter { !$0.isMatch }.map(\.range)
        case .contiguous: appendMerged(to: &pieces) { $0 == $1 }
        case .mergedWithPrevious: appendMerged(to: &pieces) { !$0 && $1 }
        case .mergedWithNext:
            // From the end, as the reference does: of matches in a row only the last one joins what follows.
            appendMerged(to: &pieces, reversed: true) { !$0 && $1 }
        }
        if pieces[first...].contains(where: \.isEmpty) {
            let kept = pieces[first...].filter { !$0.isEmpty }
            pieces.replaceSubrange(first..., with: kept)
        }
    }

    /// Appends parts, each joined with the one before it where `joins` says so of whether the two are matches.
    private func appendMerged(to pieces: inout [Range<Int>], reversed: Bool = false, joins: (Bool, Bool) -> Bool) {
        var merged: [Range<Int>] = []
        var last: Bool?
        for part in reversed ? parts.reversed() : parts {
            if let last, joins(last, part.isMatch), let before = merged.popLast() {
                let (low, high) = (
                    min(before.lowerBound, part.range.lowerBound), max(before.upperBound, part.range.upperBound)
                )
                merged.append(low..<high)
            } else {
                merged.append(part.range)
            }
            last = part.isMatch
        }
        pieces += reversed ? merged.reversed() : merged
    }
}
