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

    init(_ vocabulary: Vocabulary, _ preTokenizer: PreTokenizer) {
        self.vocabulary = vocabulary
        self.preTokenizer = preTokenizer
        composesText = vocabulary.rules.composesText ?? preTokenizer.composesText
        takesWholePieces = vocabulary.rules.takesWholePieces ?? preTokenizer.takesWholePieces
        rules = Rules(table: vocabulary.merges)
    }

    mutating func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout [TokenID]) {
        guard composesText, let composed = CanonicalComposition.composed(text) else {
            return appendPieces(of: text, to: &output)
        }
        composed.withUnsafeBufferPointer { appendPieces(of: $0, to: &output) }
    }

    private mutating func appendPieces(of text: UnsafeBufferPointer<UInt8>, to output: inout [TokenID]) {
        var cache = PieceCache(of: text)
        if preTokenizer == .split {
            for range in SplitPattern.pieces(of: text, by: vocabulary.rules.patterns) {
                cache.append(range, to: &output) { encode(UnsafeBufferPointer(rebasing: text[range]), into: &$0) }
            }
            return
        }
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
        merger.mergeAll(by: &rules)
        for symbol in merger.symbols { output.append(symbol.id) }
    }
}
