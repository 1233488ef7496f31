/// Where a tokenizer differs from others of its kind.
public struct VocabularyRules: Sendable, Equatable {
    /// Whether only the text's beginning gets a space in front, not what follows a special token (SentencePiece).
    public var prefixesStartOnly = false
    /// Whether text that begins with a space gets no other one in front (SentencePiece).
    public var prefixesBareTextOnly = false
    /// Whether a piece that is a token as a whole becomes that token, even where no merges lead to it; nil: as the
    /// pre-tokenizer's models do.
    public var takesWholePieces: Bool?
    /// Whether text is composed (Unicode's normalization form C) first; nil: as the pre-tokenizer's models do.
    public var composesText: Bool?
    /// What `PreTokenizer.split` cuts text by, one after the other.
    public var patterns: [SplitPattern] = []
    /// User-defined tokens that are cut out of the text as it stands, before SentencePiece sees it: what was added to
    /// a SentencePiece model. The others are the model's own, found once spaces are U+2581.
    public var addedTokens: Set<TokenID> = []
    /// User-defined tokens of SentencePiece's own kind that are found only with a space before them, which they swallow.
    public var prefixedTokens: Set<TokenID> = []
    /// Special tokens that are none inside a word.
    public var wholeWords: Set<TokenID> = []
    /// Special tokens that swallow the white space before them.
    public var stripsLeft: Set<TokenID> = []
    /// Special tokens that swallow the white space after them.
    public var stripsRight: Set<TokenID> = []

    public init() {}
}
