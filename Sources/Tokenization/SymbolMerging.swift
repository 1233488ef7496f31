import HeapModule

/// A stretch of text on its way to becoming a token.
struct Symbol {
    /// Where the text lies in the piece being merged.
    var start: Int
    var end: Int
    /// Its token, or -1 where it has not been looked up.
    var id: TokenID
}

/// Which neighbours merge, and in which order.
protocol MergeRules {
    mutating func merge(_ left: Symbol, _ right: Symbol) -> Merge?
}

/// Merges neighbouring symbols, lowest rank first and leftmost first among equals, until none merge any more.
///
/// Words of everyday length are searched from end to end at each step; longer ones go through a heap, so that a
/// megabyte without a space costs n log n and not n squared. The result is the same.
struct SymbolMerger {
    /// The symbols to merge; afterwards the merged ones.
    var symbols: [Symbol] = []

    private static let longestScanned = 40
    private static let noMerge = Merge(rank: .max, id: -1)

    /// `merges[i]` joins symbol i with the one after it.
    private var merges: [Merge] = []
    private var previous: [Int32] = []
    private var next: [Int32] = []

    mutating func mergeAll(by rules: inout some MergeRules) {
        guard symbols.count > 1 else { return }
        merges.removeAll(keepingCapacity: true)
        for index in 1..<symbols.count {
            merges.append(rules.merge(symbols[index - 1], symbols[index]) ?? Self.noMerge)
        }
        merges.append(Self.noMerge)
        if symbols.count <= Self.longestScanned { mergeByScanning(&rules) } else { mergeByHeap(&rules) }
    }

    private mutating func mergeByScanning(_ rules: inout some MergeRules) {
        while true {
            var best = 0
            for index in 1..<merges.count where merges[index].rank < merges[best].rank { best = index }
            guard merges[best].rank != .max else { return }
            symbols[best].end = symbols[best + 1].end
            symbols[best].id = merges[best].id
            symbols.remove(at: best + 1)
            merges.remove(at: best + 1)
            updateMerge(of: best - 1, with: best, &rules)
            updateMerge(of: best, with: best + 1, &rules)
        }
    }

    private mutating func updateMerge(of left: Int, with right: Int, _ rules: inout some MergeRules) {
        guard left >= 0 else { return }
        let merge = right < symbols.count ? rules.merge(symbols[left], symbols[right]) : nil
        merges[left] = merge ?? Self.noMerge
    }

    private mutating func mergeByHeap(_ rules: inout some MergeRules) {
        previous = (0..<symbols.count).map { Int32($0) - 1 }
        next = (0..<symbols.count).map { Int32($0) + 1 }
        // A candidate is its rank and the place of its left symbol; one whose rank is no longer that place's is stale.
        var candidates = Heap(
            merges.enumerated().lazy.filter { $1.rank != .max }.map { UInt64($1.rank) << 32 | UInt64($0) })
        while let candidate = candidates.popMin() {
            let place = Int(truncatingIfNeeded: candidate & 0xFFFF_FFFF)
            guard merges[place].rank == UInt32(candidate >> 32) else { continue }
            join(place)
            for left in [Int(previous[place]), place] where left >= 0 {
                let right = Int(next[left])
                let merge = right < symbols.count ? rules.merge(symbols[left], symbols[right]) : nil
                merges[left] = merge ?? Self.noMerge
                if let merge { candidates.insert(UInt64(merge.rank) << 32 | UInt64(left)) }
            }
        }
        symbols.removeAll { $0.start < 0 }
    }

    /// Joins the symbol at `place` with the one after it, which is left behind with a negative start.
    private mutating func join(_ place: Int) {
        let right = Int(next[place])
        symbols[place].end = symbols[right].end
        symbols[place].id = merges[place].id
        symbols[right].start = -1
        merges[right] = Self.noMerge
        next[place] = next[right]
        if Int(next[place]) < symbols.count { previous[Int(next[place])] = Int32(place) }
    }
}
