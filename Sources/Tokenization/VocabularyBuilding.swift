/// U+2581, which SentencePiece writes for a space, in UTF-8.
let spaceMark: [UInt8] = [0xE2, 0x96, 0x81]

extension Vocabulary {
    static func check(
        model: VocabularyModel, tokens: [[UInt8]], scores: [Float], kinds: [TokenKind]
    ) throws(VocabularyError) {
        guard !tokens.isEmpty else { throw .empty }
        guard tokens.count <= Int(TokenID.max) else { throw .tooManyTokens(tokens.count) }
        guard kinds.count == tokens.count else {
            throw .countMismatch(list: "token types", count: kinds.count, tokens: tokens.count)
        }
        if scores.isEmpty, model != .sentencePiece { return }
        guard scores.count == tokens.count else {
            throw .countMismatch(list: "scores", count: scores.count, tokens: tokens.count)
        }
        if let bad = scores.firstIndex(where: \.isNaN) { throw .notANumber(token: bad) }
    }

    static func check(_ id: TokenID?, _ role: String, in tokens: [[UInt8]]) throws(VocabularyError) {
        guard let id, id < 0 || Int(id) >= tokens.count else { return }
        throw .noSuchToken(role: role, id: Int(id), tokens: tokens.count)
    }

    /// A table of the tokens of the given kinds; among tokens with equal bytes the earlier group, then the lower id wins.
    static func table(over strings: ByteStrings, of groups: [[TokenKind]], kinds: [TokenKind]) -> TokenTable {
        let members = groups.map { group in kinds.indices.filter { group.contains(kinds[$0]) } }
        var table = TokenTable(over: strings, capacity: members.reduce(0) { $0 + $1.count })
        for id in members.joined() { table.insert(TokenID(id)) }
        return table
    }

    /// For each score its place among the different scores, highest first.
    static func ranks(of scores: [Float]) -> [UInt32] {
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var ranks = [UInt32](repeating: 0, count: scores.count)
        var rank: UInt32 = 0
        for (place, index) in order.enumerated() {
            if place > 0, scores[index] != scores[order[place - 1]] { rank += 1 }
            ranks[index] = rank
        }
        return ranks
    }

    /// What SentencePiece tokens stand for (U+2581 is a space, `<0x0A>` is a byte), and the token of each byte.
    static func sentencePieces(
        _ texts: ByteStrings, kinds: [TokenKind]
    ) throws(VocabularyError) -> (ByteStrings, [TokenID]) {
        var pieces = ByteStrings(reserving: texts.count)
        var byteTokens = [TokenID](repeating: -1, count: 256)
        for (id, kind) in kinds.enumerated() {
            switch kind {
            case .control, .unknown: pieces.append(texts[id])
            case .byte:
                guard let byte = byte(namedBy: texts[id]) else {
                    throw .badByteToken(id: id, text: String(decoding: texts[id], as: UTF8.self))
                }
                pieces.append(CollectionOfOne(byte))
                if byteTokens[Int(byte)] < 0 { byteTokens[Int(byte)] = TokenID(id) }
            case .normal, .userDefined, .unused: pieces.append(spacesRestored(texts[id]))
            }
        }
        return (pieces, byteTokens)
    }

    /// The byte that a text such as `<0x0A>` names.
    private static func byte(namedBy text: ArraySlice<UInt8>) -> UInt8? {
        let text = [UInt8](text)
        guard text.count == 6, text.starts(with: "<0x".utf8), text[5] == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: text[3...4], as: UTF8.self), radix: 16)
    }

    private static func spacesRestored(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].starts(with: spaceMark) {
                result.append(UInt8(ascii: " "))
                index += spaceMark.count
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    /// Whether no token that text may merge into has U+2581 after anything else. Where tokens are marked unused the
    /// answer is no as well: they come apart as merges elsewhere in the text have made them.
    static func noneHasInnerSpace(_ texts: ByteStrings, kinds: [TokenKind]) -> Bool {
        for (id, kind) in kinds.enumerated() where kind == .normal || kind == .userDefined || kind == .unused {
            if kind == .unused { return false }
            var rest = texts[id]
            while rest.starts(with: spaceMark) { rest = rest.dropFirst(spaceMark.count) }
            while let lead = rest.firstIndex(of: spaceMark[0]) {
                rest = rest[lead...]
                if rest.starts(with: spaceMark) { return false }
                rest = rest.dropFirst()
            }
        }
        return true
    }

    /// What byte-level tokens stand for: normal tokens are written in the byte alphabet, special ones as they are.
    static func byteLevelPieces(_ texts: ByteStrings, kinds: [TokenKind]) -> ByteStrings {
        var pieces = ByteStrings(reserving: texts.count)
        var piece: [UInt8] = []
        for (id, kind) in kinds.enumerated() {
            piece.removeAll(keepingCapacity: true)
            let isSpecial = kind == .control || kind == .userDefined || kind == .unknown
            if isSpecial || !ByteAlphabet.decode(texts[id], into: &piece) {
                pieces.append(texts[id])
            } else {
                pieces.append(piece)
            }
        }
        return pieces
    }

    /// Merges by their pair of ids.
    ///
    /// - Parameter inAlphabet: whether they are written in the byte alphabet.
    static func mergeTable(
        _ merges: [[UInt8]], _ tokens: TokenTable, inAlphabet: Bool
    ) throws(VocabularyError) -> MergeTable {
        guard merges.count < Int(UInt32.max) else { throw .tooManyMerges(merges.count) }
        var table = MergeTable(capacity: merges.count)
        var joined: [UInt8] = []
        for (rank, merge) in merges.enumerated() {
            guard let (left, right, id) = parts(of: merge, tokens, inAlphabet, &joined) else {
                throw .badMerge(index: rank, text: String(decoding: merge, as: UTF8.self))
            }
            table.insert(left, right, Merge(rank: UInt32(rank), id: id))
        }
        return table
    }

    /// The ids of "left right" and of their join. `joined` is scratch space.
    private static func parts(
        of merge: [UInt8], _ tokens: TokenTable, _ inAlphabet: Bool, _ joined: inout [UInt8]
    ) -> (TokenID, TokenID, TokenID)? {
        guard let space = merge.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        joined.removeAll(keepingCapacity: true)
        func append(_ part: ArraySlice<UInt8>) -> Bool {
            if inAlphabet { return ByteAlphabet.decode(part, into: &joined) }
            joined.append(contentsOf: part)
            return true
        }
        guard append(merge[..<space]) else { return nil }
        let middle = joined.count
        guard append(merge[(space + 1)...]), middle > 0, middle < joined.count else { return nil }
        return joined.withUnsafeBufferPointer { joined in
            guard let left = tokens.id(of: .init(rebasing: joined[..<middle])),
                let right = tokens.id(of: .init(rebasing: joined[middle...])), let id = tokens.id(of: joined)
            else { return nil }
            return (left, right, id)
        }
    }
}
