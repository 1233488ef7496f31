/// Byte-level BPE of text without special tokens.
struct ByteLevelEncoder {
    private let vocabulary: Vocabulary
    private let preTokenizer: PreTokenizer
    private let composesText: Bool
    private let takesWholePieces: Bool
    private var merger = SymbolMerger()
    private var rules: Rules

    private struct Rules: MergeRules {
        let table: MergeTable
        @inline(__always)
        func merge(_ left: Symbol, _ right: Symbol) -> Merge? { table[left.id, right.id] }
    }

    /// Where any two neighbours merge whose join is a token: lower numbers first.
    private struct JoinRules: MergeRules {
        let piece: UnsafeBufferPointer<UInt8>
        let vocabulary: Vocabulary

        func merge(_ left: Symbol, _ right: Symbol) -> Merge? {
            guard right.end - left.start <= vocabulary.longestMergeable,
                let id = vocabulary.mergeable.id(of: .init(rebasing: piece[left.start..<right.end]))
            else { return nil }
            return Merge(rank: UInt32(id), id: id)
        }
    }

    init(_ vocabulary: Vocabulary, _ preTokenizer: PreTokenizer) {
        self.vocabulary = vocabulary
        self.preTokenizer = preTokenizer
        composesText = vocabulary.rules.composesText ?? preTokenizer.composesText
        takesWholePieces = vocabulary.rules.takesWholePieces ?? preTokenizer.takesWholePieces
        rules = Rules(table: vocabulary.merges)
    }

    /// - Parameter isStart: whether nothing stands before the text, no special token either.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>, isStart: Bool, to output: inout [TokenID]) {
        guard vocabulary.rules.normalization.isEmpty else {
            let normalized = vocabulary.rules.normalization.applied(to: text)
            return normalized.withUnsafeBufferPointer { appendNormalized($0, isStart: isStart, to: &output) }
        }
        guard composesText, let composed = CanonicalComposition.composed(text) else {
            return appendNormalized(text, isStart: isStart, to: &output)
        }
        composed.withUnsafeBufferPointer { appendNormalized($0, isStart: isStart, to: &output) }
    }

    private mutating func appendNormalized(
        _ text: UnsafeBufferPointer<UInt8>, isStart: Bool, to output: inout [TokenID]
    ) {
        guard !vocabulary.escapedMatcher.isEmpty else { return appendPieces(of: text, isStart: isStart, to: &output) }
        var cuts = TokenCuts(vocabulary, vocabulary.escapedMatcher, in: text)
        while let cut = cuts.next() {
            append(cut.text)
            output.append(cut.id)
        }
        append(cuts.rest)
        func append(_ range: Range<Int>) {
            appendPieces(of: .init(rebasing: text[range]), isStart: isStart && range.lowerBound == 0, to: &output)
        }
    }

    private mutating func appendPieces(
        of text: UnsafeBufferPointer<UInt8>, isStart: Bool, to output: inout [TokenID]
    ) {
        if preTokenizer == .split {
            let cut = CutText(text, by: vocabulary.rules.steps, isStart: isStart)
            return cut.bytes.withUnsafeBufferPointer { text in
                var cache = PieceCache(of: text)
                for range in cut.pieces {
                    cache.append(range, to: &output) { encode(UnsafeBufferPointer(rebasing: text[range]), into: &$0) }
                }
            }
        }
        var cache = PieceCache(of: text)
        var pieces = PieceScanner(text, preTokenizer)
        while let range = pieces.next() {
            cache.append(range, to: &output) { encode(UnsafeBufferPointer(rebasing: text[range]), into: &$0) }
        }
    }

    private mutating func encode(_ piece: UnsafeBufferPointer<UInt8>, into output: inout [TokenID]) {
        if takesWholePieces, let id = vocabulary.mergeable.id(of: piece),
            vocabulary.kinds[Int(id)] == .normal
        {
            return output.append(id)
        }
        merger.symbols.removeAll(keepingCapacity: true)
        for (index, byte) in piece.enumerated() {
            // A byte that has no token is left out, as the reference does.
            let id = vocabulary.byteTokens[Int(byte)]
            if id >= 0 { merger.symbols.append(Symbol(start: index, end: index + 1, id: id)) }
        }
        if vocabulary.rules.joinsTokens {
            var rules = JoinRules(piece: piece, vocabulary: vocabulary)
            merger.mergeAll(by: &rules)
        } else {
            merger.mergeAll(by: &rules)
        }
        for symbol in merger.symbols { output.append(symbol.id) }
    }
}
