/// A regular expression of the subset that published tokenizers cut text by: alternatives, sets, groups, greedy and
/// possessive repetition, and looking ahead.
///
/// Only sets repeat without limit, and only a few in one alternative, so that no text takes longer than a power of its longest run.
public struct SplitPattern: Sendable {
    indirect enum Node: Sendable {
        case set(ScalarSet)
        case sequence([Node])
        case choice([Node])
        /// Greedy; possessive ones give nothing back.
        case run(ScalarSet, ClosedRange<Int>, possessive: Bool)
        case optional(Node)
        case ahead(Node, wanted: Bool)
        case end
    }

    /// The expression as it was written.
    public let source: String
    let root: Node
    /// Whether what it does not match is dropped rather than kept as pieces.
    let dropsRest: Bool

    /// - Throws: ``SplitPatternError`` where the expression is beyond the subset.
    public init(_ source: String, dropsRest: Bool = false) throws(SplitPatternError) {
        self.source = source
        self.dropsRest = dropsRest
        var parser = SplitPatternParser(source)
        root = try parser.parse()
    }

    /// The pieces that patterns cut `text` into, each cutting what the one before it has left.
    static func pieces(of text: UnsafeBufferPointer<UInt8>, by patterns: [SplitPattern]) -> [Range<Int>] {
        var pieces = text.isEmpty ? [] : [0..<text.count]
        for pattern in patterns {
            var cut: [Range<Int>] = []
            for piece in pieces { pattern.cut(piece, of: text, into: &cut) }
            pieces = cut
        }
        return pieces
    }

    private func cut(_ region: Range<Int>, of text: UnsafeBufferPointer<UInt8>, into pieces: inout [Range<Int>]) {
        let matcher = SplitMatcher(text: text, end: region.upperBound)
        var (start, index) = (region.lowerBound, region.lowerBound)
        func keepRest(before end: Int) { if start < end, !dropsRest { pieces.append(start..<end) } }
        while index < region.upperBound {
            guard let end = matcher.end(of: root, from: index), end > index else {
                index = ClassifiedText.value(at: index, before: region.upperBound, in: text).next
                continue
            }
            keepRest(before: index)
            pieces.append(index..<end)
            (start, index) = (end, end)
        }
        keepRest(before: region.upperBound)
    }
}

extension SplitPattern: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        left.source.utf8.elementsEqual(right.source.utf8) && left.dropsRest == right.dropsRest
    }
}

/// What of an expression is beyond the subset.
public struct SplitPatternError: Error, Equatable {
    public let reason: String
}
