/// Names a sequence for as long as the scheduler lives; later ones have larger numbers.
public typealias SequenceID = Int

/// What is to be computed of a sequence.
public struct SequenceRequest: Sendable {
    /// The prompt: at least one token.
    public var tokens: [Int32]
    /// Whether every row wants logits, not only the one after the last token.
    public var wantsAllLogits: Bool
    /// Whether keys and values that another sequence computed may be used.
    public var reusesPrefix: Bool

    public init(tokens: [Int32], wantsAllLogits: Bool = false, reusesPrefix: Bool = true) {
        self.tokens = tokens
        self.wantsAllLogits = wantsAllLogits
        self.reusesPrefix = reusesPrefix && !wantsAllLogits
    }
}

/// A sequence on its way: its tokens, how many of them are in the stream, and the blocks that hold them.
struct SequenceState {
    let id: SequenceID
    /// The prompt and every token appended since.
    var tokens: [Int32]
    private let promptCount: Int
    let wantsAllLogits: Bool
    let reusesPrefix: Bool
    /// Tokens that were put into a microbatch, or whose keys and values were found.
    var computedCount = 0
    /// The blocks of the computed tokens, and one more where the next token begins it.
    var blocks: [Int32] = []
    /// How many of `blocks`, from the first, are in the prefix index.
    var indexedCount = 0
    /// Microbatches in flight with tokens of this sequence.
    var inFlightCount = 0
    /// Tokens that were found in the cache when the sequence was admitted last.
    var reusedCount = 0
    /// Whether all tokens were in the stream once since it was admitted: from then on one follows the other.
    var hasCaughtUp = false

    init(id: SequenceID, _ request: SequenceRequest) {
        self.id = id
        tokens = request.tokens
        promptCount = request.tokens.count
        wantsAllLogits = request.wantsAllLogits
        reusesPrefix = request.reusesPrefix
    }

    /// Tokens that are not in the stream yet.
    var pendingCount: Int { tokens.count - computedCount }
    /// Whether its next token is on the way, or known and to be sent.
    var isDecoding: Bool { hasCaughtUp && (pendingCount > 0 || inFlightCount > 0) }
    /// Whether it decodes and has had a token, after which the time until the next one counts.
    var isBetweenTokens: Bool { isDecoding && tokens.count > promptCount }
    /// Whether it has more to compute than one token that follows another.
    var isPrompt: Bool { !hasCaughtUp }

    /// Forgets where its keys and values were.
    mutating func leaveCache() {
        computedCount = 0
        blocks = []
        indexedCount = 0
        hasCaughtUp = false
    }
}
