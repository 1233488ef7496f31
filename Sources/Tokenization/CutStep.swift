/// One thing that a tokenizer does with the pieces of a text, of which there is one at first.
public enum CutStep: Sendable, Equatable {
    case split(SplitPattern)
    /// Pieces that begin without a space get one.
    case spacePrefix
    /// Spaces become U+2581, of which each piece, or the first of a text, gets one where it begins with none; pieces may be cut
    /// before each of them.
    case spaceMarks(MarkPrefix, splits: Bool)

    public enum MarkPrefix: Sendable { case always, first, never }
}

/// A text on its way through such steps, and its pieces.
struct CutText {
    private(set) var bytes: [UInt8]
    private(set) var pieces: [Range<Int>]

    /// - Parameter isStart: whether nothing stands before the text.
    init(_ text: some Collection<UInt8>, by steps: [CutStep], isStart: Bool) {
        bytes = Array(text)
        pieces = bytes.isEmpty ? [] : [0..<bytes.count]
        for step in steps { apply(step, isStart: isStart) }
    }

    private mutating func apply(_ step: CutStep, isStart: Bool) {
        switch step {
        case .split(let pattern): split(by: pattern)
        case .spacePrefix: rewrite { piece, _ in piece.first == UInt8(ascii: " ") ? [] : [UInt8(ascii: " ")] }
        case .spaceMarks(let prefix, let splits):
            // Only what stands at the very start of the text is its first piece.
            rewrite(escaping: true) { piece, start in
                let wanted = prefix == .always || prefix == .first && isStart && start == 0
                let hasOne = piece.first == UInt8(ascii: " ") || piece.starts(with: spaceMark)
                return wanted && !hasOne ? spaceMark : []
            }
            if splits, let marks = try? SplitPattern("\u{2581}", .mergedWithNext) { split(by: marks) }
        }
    }

    private mutating func split(by pattern: SplitPattern) {
        var cut: [Range<Int>] = []
        cut.reserveCapacity(pieces.count)
        bytes.withUnsafeBufferPointer { bytes in
            for piece in pieces { pattern.cut(piece, of: bytes, into: &cut) }
        }
        pieces = cut
    }

    /// Gives each piece what `prefix` says, and U+2581 for its spaces where that is wanted.
    private mutating func rewrite(escaping: Bool = false, prefix: (ArraySlice<UInt8>, Int) -> [UInt8]) {
        var (result, ranges): ([UInt8], [Range<Int>]) = ([], [])
        result.reserveCapacity(bytes.count * 2)
        for piece in pieces {
            let start = result.count
            result += prefix(bytes[piece], piece.lowerBound)
            result += escaping ? SentencePieceText.escaped(bytes[piece], addingPrefix: false)[...] : bytes[piece]
            ranges.append(start..<result.count)
        }
        (bytes, pieces) = (result, ranges)
    }
}
