/// A regular expression of the subset that published tokenizers cut text by, as Oniguruma reads it: alternatives, sets,
/// groups, repetition, looking ahead and behind, borders of lines and words.
///
/// Sets repeat without limit only a few times in one alternative, and groups only where they match in one way, so that no
/// text takes longer than a power of its longest run.
public struct SplitPattern: Sendable {
    indirect enum Node: Sendable {
        case set(ScalarSet)
        case sequence([Node])
        case choice([Node])
        case run(ScalarSet, ClosedRange<Int>, Greed)
        /// Greedy; of what each turn matched nothing is given back, but whole turns.
        case turns(Node, ClosedRange<Int>)
        case optional(Node, Greed)
        /// What it matched first is kept.
        case atomic(Node)
        case ahead(Node, wanted: Bool)
        case behind(Node, lengths: ClosedRange<Int>, wanted: Bool)
        case border(Border)
    }

    enum Greed: Sendable { case greedy, lazy, possessive }

    enum Border: Sendable { case textStart, textEnd, lineStart, lineEnd, word, noWord }

    /// What becomes of matches and of what stands between them.
    public enum Behavior: String, Sendable {
        case isolated = "Isolated"
        case removed = "Removed"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"
    }

    /// The expression as it was written.
    public let source: String
    let behavior: Behavior
    /// Whether what does not match counts as matches.
    let isInverted: Bool
    private let root: Node
    private let digits: DigitGroups?

    /// - Throws: ``SplitPatternError`` where the expression is beyond the subset.
    public init(
        _ source: String, _ behavior: Behavior = .isolated, isInverted: Bool = false
    ) throws(SplitPatternError) {
        (self.source, self.behavior, self.isInverted) = (source, behavior, isInverted)
        digits = DigitGroups(source)
        var parser = SplitPatternParser(source)
        root = digits == nil ? try parser.parse() : .sequence([])
    }

    /// The pattern that matches `text` and nothing else.
    public init(
        text: String, _ behavior: Behavior = .isolated, isInverted: Bool = false
    ) throws(SplitPatternError) {
        let quoted = text.unicodeScalars.map {
            #"\^$.|?*+()[]{}"#.unicodeScalars.contains($0) ? "\\\($0)" : "\($0)"
        }
        try self.init(quoted.joined(), behavior, isInverted: isInverted)
    }

    /// Appends the pieces that `region` of a text is cut into.
    func cut(_ region: Range<Int>, of text: UnsafeBufferPointer<UInt8>, into pieces: inout [Range<Int>]) {
        if behavior == .isolated { return isolate(region, of: text, into: &pieces) }
        var parts = SplitParts()
        forEachMatch(in: region, of: text) { parts.add($0, isMatch: !isInverted, restOf: region) }
        parts.finish(region, isMatch: !isInverted)
        parts.append(to: &pieces, behavior)
    }

    private func isolate(_ region: Range<Int>, of text: UnsafeBufferPointer<UInt8>, into pieces: inout [Range<Int>]) {
        var start = region.lowerBound
        forEachMatch(in: region, of: text) { match in
            if start < match.lowerBound { pieces.append(start..<match.lowerBound) }
            if !match.isEmpty { pieces.append(match) }
            start = match.upperBound
        }
        if start < region.upperBound { pieces.append(start..<region.upperBound) }
    }

    /// Calls `body` with each match in turn; of matches without characters with those that do not follow another match.
    func forEachMatch(in region: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        if let digits { return digits.forEachMatch(in: region, of: text, body) }
        let matcher = SplitMatcher(text: text, bounds: region)
        var index = region.lowerBound
        var lastEnd = -1
        while index < region.upperBound {
            if let end = matcher.end(of: root, from: index), end > index || index != lastEnd {
                body(index..<end)
                lastEnd = end
                if end > index {
                    index = end
                    continue
                }
            }
            index = ClassifiedText.value(at: index, before: region.upperBound, in: text).next
        }
    }
}

extension SplitPattern: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        left.source.utf8.elementsEqual(right.source.utf8) && left.behavior == right.behavior
            && left.isInverted == right.isInverted
    }
}

/// What of an expression is beyond the subset.
public struct SplitPatternError: Error, Equatable {
    public let reason: String
}
