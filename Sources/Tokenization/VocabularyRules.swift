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
    /// What is done to text before anything else, one after the other. For SentencePiece vocabularies this and `steps` take the
    /// place of writing U+2581 for spaces.
    public var normalization: [NormalizationStep] = []
    /// What `PreTokenizer.split` cuts text by, one after the other.
    public var steps: [CutStep] = []
    /// Whether text of SentencePiece vocabularies becomes what normalization and steps make of it, and no more.
    public var writesNoMarks = false
    /// Whether nothing merges but what a list says, be it empty, rather than by scores (SentencePiece).
    public var listsMerges = false
    /// Whether any two tokens merge whose join is a token, that with the lowest number first, rather than by a list (byte-level).
    public var joinsTokens = false
    /// Whether each unknown character is an unknown token of its own, rather than a run of them (SentencePiece).
    public var keepsUnknownApart = false
    /// User-defined tokens that are cut out of the text as it stands, before SentencePiece sees it: what was added to
    /// a SentencePiece model. The others are the model's own, found once spaces are U+2581.
    public var addedTokens: Set<TokenID> = []
    /// User-defined tokens of SentencePiece's own kind that are found only with a space before them, which they swallow.
    public var prefixedTokens: Set<TokenID> = []
    /// User-defined tokens that are cut out of what other tokens have left.
    public var laterTokens: Set<TokenID> = []
    /// User-defined tokens that are looked for in normalized text, in their own normalized form.
    public var normalizedTokens: Set<TokenID> = []
    /// Special tokens that are none inside a word.
    public var wholeWords: Set<TokenID> = []
    /// Special tokens that swallow the white space before them.
    public var stripsLeft: Set<TokenID> = []
    /// Special tokens that swallow the white space after them.
    public var stripsRight: Set<TokenID> = []

    public init() {}
}
