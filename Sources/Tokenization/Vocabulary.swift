/// A model's tokens: their text, kinds and ids, and what is needed to merge text into them.
///
/// Made once per model and never changed; copies share their storage.
public struct Vocabulary: Sendable {
    public let model: VocabularyModel
    /// The token that begins a sequence.
    public let bos: TokenID?
    /// The token that ends a sequence.
    public let eos: TokenID?
    /// The token for text that no other token spells.
    public let unknown: TokenID?
    public let padding: TokenID?
    /// The tokens after which a model has said all it wants to say: `eos`, and ends of turns or messages.
    public let endOfGeneration: Set<TokenID>
    /// Whether the model wants `bos` before a text that comes without it.
    public let addsBOS: Bool
    /// Whether the model was trained with `eos` after each text.
    public let addsEOS: Bool
    /// Whether text gets a space in front, so that a word is the same token at the start as elsewhere (SentencePiece).
    public let addsSpacePrefix: Bool
    public let rules: VocabularyRules

    let kinds: [TokenKind]
    /// Texts as the file stores them.
    let texts: ByteStrings
    /// The bytes that tokens stand for.
    let pieces: ByteStrings
    /// Tokens that text may merge into, by `texts` for SentencePiece and by `pieces` for byte-level BPE.
    let mergeable: TokenTable
    /// Control, unknown and user-defined tokens, by `texts`.
    let special: TokenTable
    /// The token of each byte, or -1.
    let byteTokens: [TokenID]
    /// SentencePiece: the place of each token's score among all scores, highest first.
    let scoreRanks: [UInt32]
    /// The merges of byte-level BPE, and of SentencePiece where they were given.
    let merges: MergeTable
    /// How many merges there are.
    public let mergeCount: Int
    /// The longest text that merges may make, in bytes.
    let longestMergeable: Int
    /// SentencePiece: whether no merge makes a space after something else.
    let mergesStayInWords: Bool
    /// Finds the special tokens in text that the caller wants recognised, before anything else is done to it.
    let specialMatcher: TextMatcher
    /// Finds those among them that are recognised whoever asks: user-defined tokens.
    let userDefinedMatcher: TextMatcher
    /// Finds those that wait until the others are cut out.
    let laterMatcher: TextMatcher
    /// Finds those that are looked for in text as it is merged, normalized or with U+2581 for spaces, after the others had their
    /// turn.
    let escapedMatcher: TextMatcher

    /// Builds a vocabulary from a file's lists.
    ///
    /// - Parameters:
    ///   - tokens: each token's text as the file stores it, UTF-8, by id.
    ///   - scores: one per token for SentencePiece (higher merges first); may be empty for byte-level BPE.
    ///   - merges: "left right" in order of rank; for SentencePiece they may be empty, else they take the scores' place.
    ///   - endOfGeneration: `eos`, where there is one, is added to these.
    public init(
        model: VocabularyModel, tokens: [[UInt8]], scores: [Float], kinds: [TokenKind], merges: [[UInt8]],
        bos: TokenID?, eos: TokenID?, unknown: TokenID?, padding: TokenID?, endOfGeneration: Set<TokenID>,
        addsBOS: Bool, addsEOS: Bool, addsSpacePrefix: Bool, rules: VocabularyRules = VocabularyRules()
    ) throws(VocabularyError) {
        try Self.check(model: model, tokens: tokens, scores: scores, kinds: kinds)
        for (role, id) in [("BOS", bos), ("EOS", eos), ("unknown", unknown), ("padding", padding)] {
            try Self.check(id, role, in: tokens)
        }
        for id in endOfGeneration { try Self.check(id, "end-of-generation", in: tokens) }

        (self.model, self.kinds) = (model, kinds)
        (self.bos, self.eos, self.unknown, self.padding) = (bos, eos, unknown, padding)
        self.endOfGeneration = endOfGeneration.union(eos.map { [$0] } ?? [])
        (self.addsBOS, self.addsEOS, self.addsSpacePrefix) = (addsBOS, addsEOS, addsSpacePrefix)
        (self.rules, mergeCount) = (rules, merges.count)

        var texts = ByteStrings(reserving: tokens.count)
        for token in tokens { texts.append(token) }
        self.texts = texts
        special = Self.table(over: texts, of: [[.control, .unknown, .userDefined]], kinds: kinds)
        switch model {
        case .sentencePiece:
            (pieces, byteTokens) = try Self.sentencePieces(texts, kinds: kinds)
            // A list may make special tokens and those of bytes too, but never in place of others with the same text.
            let isListed = rules.listsMerges || !merges.isEmpty
            mergeable = Self.table(
                over: texts,
                of: [[.normal, .userDefined, .unused]] + (isListed ? [[.byte], [.control, .unknown]] : []), kinds: kinds
            )
            scoreRanks = Self.ranks(of: scores)
            self.merges = try Self.mergeTable(merges, mergeable, inAlphabet: false)
            mergesStayInWords = Self.noneHasInnerSpace(texts, kinds: kinds)
        case .byteLevelBPE:
            let pieces = Self.byteLevelPieces(texts, kinds: kinds)
            // A special token may be what merges make, but never in place of a normal token with the same bytes.
            let mergeable = Self.table(
                over: pieces, of: [[.normal], [.userDefined, .unused, .byte], [.control, .unknown]], kinds: kinds)
            (self.pieces, self.mergeable) = (pieces, mergeable)
            byteTokens = (0...255).map { byte in mergeable.id(of: [UInt8(byte)]) ?? -1 }
            scoreRanks = []
            self.merges = try Self.mergeTable(merges, mergeable, inAlphabet: true)
            mergesStayInWords = false
        }
        let userDefined = kinds.indices.filter { kinds[$0] == .userDefined }
        let added = userDefined.filter {
            !rules.normalizedTokens.contains(TokenID($0)) && !rules.laterTokens.contains(TokenID($0))
                && (model != .sentencePiece || rules.addedTokens.contains(TokenID($0)))
        }
        let structure = kinds.indices.filter { kinds[$0] == .control || kinds[$0] == .unknown }
        specialMatcher = try TextMatcher(texts, of: (structure + added).sorted())
        userDefinedMatcher = try TextMatcher(texts, of: added)
        let later = userDefined.filter { rules.laterTokens.contains(TokenID($0)) }
        laterMatcher = try TextMatcher(texts, of: later)
        escapedMatcher = try TextMatcher(texts, of: Set(userDefined).subtracting(added).subtracting(later).sorted()) {
            rules.normalizedTokens.contains($1)
                ? (rules.composesText == true ? [.nfc] : rules.normalization).applied(to: $0)
                : SentencePieceText.escaped($0, addingPrefix: rules.prefixedTokens.contains($1))
        }
        longestMergeable = tokens.lazy.map(\.count).max() ?? 0
    }

    /// How many tokens there are; ids are `0..<count`.
    public var count: Int { kinds.count }

    /// Whether `id` is a token.
    public func contains(_ id: TokenID) -> Bool { id >= 0 && Int(id) < count }

    /// The bytes that a token stands for (for control tokens, their text); empty where there is no such token.
    public func bytes(of id: TokenID) -> [UInt8] { contains(id) ? [UInt8](pieces[Int(id)]) : [] }

    /// A token's text as the file stores it; empty where there is no such token.
    public func text(of id: TokenID) -> [UInt8] { contains(id) ? [UInt8](texts[Int(id)]) : [] }

    /// What a token is for; `unused` where there is no such token.
    public func kind(of id: TokenID) -> TokenKind { contains(id) ? kinds[Int(id)] : .unused }

    /// The special token with this text, else the token that merging would make of these bytes (for SentencePiece
    /// with U+2581 for spaces), else nil.
    public func id(of bytes: [UInt8]) -> TokenID? { special.id(of: bytes) ?? mergeable.id(of: bytes) }

    /// Whether the model ends its answer with this token.
    public func endsGeneration(_ id: TokenID) -> Bool { endOfGeneration.contains(id) }
}
