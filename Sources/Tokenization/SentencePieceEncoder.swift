/// SentencePiece BPE of text without control tokens and added ones.
struct SentencePieceEncoder {
    private let vocabulary: Vocabulary
    private let hasAllBytes: Bool
    /// Whether the vocabulary lists its merges.
    private let mergesByRank: Bool
    private var merger = SymbolMerger()

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        hasAllBytes = vocabulary.byteTokens.allSatisfy { $0 >= 0 }
        mergesByRank = vocabulary.mergeCount > 0 || vocabulary.rules.listsMerges
    }

    /// - Parameter isStart: whether nothing stands before the text, no special token either.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>, isStart: Bool, to output: inout [TokenID]) {
        guard !text.isEmpty else { return }
        let escaped =
            vocabulary.rules.writesNoMarks
            ? vocabulary.rules.normalization.applied(to: text)
            : SentencePieceText.escaped(text, addingPrefix: addsPrefix(to: text, isStart: isStart))
        escaped.withUnsafeBufferPointer { escaped in
            var cuts = TokenCuts(vocabulary, vocabulary.escapedMatcher, in: escaped)
            while let cut = cuts.next() {
                appendPieces(of: escaped[cut.text], isStart: isStart && cut.text.lowerBound == 0, to: &output)
                output.append(cut.id)
            }
            appendPieces(of: escaped[cuts.rest], isStart: isStart && cuts.rest.lowerBound == 0, to: &output)
        }
    }

    /// Encodes text that has no added tokens any more.
    private mutating func appendPieces(
        of text: Slice<UnsafeBufferPointer<UInt8>>, isStart: Bool, to output: inout [TokenID]
    ) {
        guard vocabulary.rules.writesNoMarks else { return appendWords(of: .init(rebasing: text), to: &output) }
        let cut = CutText(text, by: vocabulary.rules.steps, isStart: isStart)
        cut.bytes.withUnsafeBufferPointer { text in
            var cache = PieceCache(of: text)
            for piece in cut.pieces {
                cache.append(piece, to: &output) { encode(.init(rebasing: text[piece]), into: &$0) }
            }
        }
    }

    private func addsPrefix(to text: UnsafeBufferPointer<UInt8>, isStart: Bool) -> Bool {
        let rules = vocabulary.rules
        guard vocabulary.addsSpacePrefix, isStart || !rules.prefixesStartOnly else { return false }
        return !rules.prefixesBareTextOnly || !(text[0] == UInt8(ascii: " ") || text.starts(with: spaceMark))
    }

    /// Where no token has a space after something else, no merge crosses into the next word: words can go one by one.
    private mutating func appendWords(of text: UnsafeBufferPointer<UInt8>, to output: inout [TokenID]) {
        guard vocabulary.mergesStayInWords, hasAllBytes, vocabulary.rules.takesWholePieces != true else {
            return encode(text, into: &output)
        }
        var cache = PieceCache(of: text)
        var start = 0
        while start < text.count {
            let end = Self.endOfWord(from: start, in: text)
            cache.append(start..<end, to: &output) { encode(.init(rebasing: text[start..<end]), into: &$0) }
            start = end
        }
    }

    /// Spaces, then everything up to the next space.
    private static func endOfWord(from start: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var index = start
        while isSpace(at: index, in: text) { index += 3 }
        while index < text.count, !isSpace(at: index, in: text) { index += 1 }
        return index
    }

    @inline(__always)
    private static func isSpace(at index: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        index + 3 <= text.count && text[index] == 0xE2 && text[index + 1] == 0x96 && text[index + 2] == 0x81
    }

    private mutating func encode(_ text: UnsafeBufferPointer<UInt8>, into output: inout [TokenID]) {
        if mergesByRank, vocabulary.rules.takesWholePieces == true, let id = vocabulary.mergeable.id(of: text),
            vocabulary.kinds[Int(id)] == .normal
        {
            return output.append(id)
        }
        merger.symbols.removeAll(keepingCapacity: true)
        var index = 0
        while index < text.count {
            let next = ClassifiedText.value(at: index, before: text.count, in: text).next
            let id = mergesByRank ? vocabulary.mergeable.id(of: .init(rebasing: text[index..<next])) : nil
            merger.symbols.append(Symbol(start: index, end: next, id: id ?? -1))
            index = next
        }
        var rules = SentencePieceRules(text, vocabulary, byRank: mergesByRank)
        merger.mergeAll(by: &rules)
        let first = output.count
        for symbol in merger.symbols { append(symbol, rules, after: first, to: &output) }
    }

    /// Appends a merged symbol; what `first` says is where this text's tokens begin.
    private func append(
        _ symbol: Symbol, _ rules: SentencePieceRules, after first: Int, to output: inout [TokenID]
    ) {
        let bytes = rules.bytes(of: symbol)
        if let id = symbol.id >= 0 ? symbol.id : vocabulary.mergeable.id(of: bytes) {
            // A token marked unused goes back to what it was merged from.
            if vocabulary.kinds[Int(id)] == .unused, let (left, right) = rules.unusedParts[id] {
                append(left, rules, after: first, to: &output)
                return append(right, rules, after: first, to: &output)
            }
            output.append(id)
        } else if hasAllBytes {
            for byte in bytes { output.append(vocabulary.byteTokens[Int(byte)]) }
        } else if let unknown = vocabulary.unknown {
            // A run of unknown characters is one unknown token.
            let continues = output.count > first && output.last == unknown
            if !continues || vocabulary.rules.keepsUnknownApart { output.append(unknown) }
        }
    }
}

/// Neighbours merge where their joined text is a token, the better its score, the earlier; or where a merge says so, in the
/// order of merges.
struct SentencePieceRules: MergeRules {
    private let text: UnsafeBufferPointer<UInt8>
    private let vocabulary: Vocabulary
    private let byRank: Bool
    /// For each unused token what it was last merged from.
    private(set) var unusedParts: [TokenID: (Symbol, Symbol)] = [:]

    init(_ text: UnsafeBufferPointer<UInt8>, _ vocabulary: Vocabulary, byRank: Bool) {
        self.text = text
        self.vocabulary = vocabulary
        self.byRank = byRank
    }

    func bytes(of symbol: Symbol) -> UnsafeBufferPointer<UInt8> { .init(rebasing: text[symbol.start..<symbol.end]) }

    mutating func merge(_ left: Symbol, _ right: Symbol) -> Merge? {
        if byRank { return left.id >= 0 && right.id >= 0 ? vocabulary.merges[left.id, right.id] : nil }
        guard right.end - left.start <= vocabulary.longestMergeable,
            let id = vocabulary.mergeable.id(of: .init(rebasing: text[left.start..<right.end]))
        else { return nil }
        if vocabulary.kinds[Int(id)] == .unused { unusedParts[id] = (left, right) }
        return Merge(rank: vocabulary.scoreRanks[Int(id)], id: id)
    }
}
