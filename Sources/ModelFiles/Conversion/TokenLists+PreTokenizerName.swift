import Tokenization

extension TokenLists {
    /// The name in a GGUF under which text becomes the same tokens; nil where none does that.
    func preTokenizerName(_ preTokenizer: PreTokenizer) -> String? {
        guard rules.normalization.isEmpty else { return nil }
        let takesWholePieces = rules.takesWholePieces ?? preTokenizer.takesWholePieces
        if preTokenizer == .split {
            guard let name = NamedPatterns.name(of: rules.steps) else { return nil }
            return takesWholePieces == NamedPatterns.takingWholePieces.contains(name) || mergesMakeAllTokens
                ? name : nil
        }
        let composes = rules.composesText ?? preTokenizer.composesText
        let fitting = PreTokenizerName.kinds.filter {
            $0.kind.pattern == preTokenizer && ($0.kind.composesText ?? preTokenizer.composesText) == composes
        }
        if let same = fitting.first(where: { $0.kind.takesWholePieces == takesWholePieces }) { return same.names.first }
        return mergesMakeAllTokens ? fitting.first?.names.first : nil
    }

    /// Whether merges make each token out of its own text, so that looking for whole pieces changes nothing.
    private var mergesMakeAllTokens: Bool {
        var lists = self
        lists.model = .byteLevelBPE(.split)
        lists.rules.steps = []
        lists.rules.takesWholePieces = false
        guard let vocabulary = try? Vocabulary(lists, endOfGeneration: []) else { return false }
        let tokenizer = Tokenizer(vocabulary)
        return (0..<TokenID(vocabulary.count)).allSatisfy { id in
            guard vocabulary.kind(of: id) == .normal else { return true }
            let ids = tokenizer.encode(vocabulary.bytes(of: id), recognizeSpecial: false, addBOS: false)
            // A token that holds the text of an added one is never a piece.
            return ids == [id] || ids.contains { vocabulary.kind(of: $0) == .userDefined }
        }
    }

    /// The merges of tokens that merge wherever their join is a token: all ways to make each out of two, tokens with low numbers
    /// first.
    var joins: [[UInt8]] {
        var ids: [ArraySlice<UInt8>: Int] = [:]
        for (id, token) in tokens.enumerated() where kinds[id] == .normal { ids[token[...]] = id }
        var merges: [[UInt8]] = []
        for (id, token) in tokens.enumerated() where kinds[id] == .normal {
            var ways: [(left: Int, right: Int, merge: [UInt8])] = []
            // Cuts within a letter of the byte alphabet have no tokens at their sides.
            for cut in token.indices.dropFirst() {
                guard let left = ids[token[..<cut]], let right = ids[token[cut...]], ids[token[...]] == id else {
                    continue
                }
                ways.append((left, right, token[..<cut] + [UInt8(ascii: " ")] + token[cut...]))
            }
            merges += ways.sorted { ($0.left, $0.right) < ($1.left, $1.right) }.map(\.merge)
        }
        return merges
    }
}
