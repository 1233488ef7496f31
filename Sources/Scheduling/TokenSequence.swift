import Microbatches

/// A sequence on its way: its tokens, how many of them are in the stream, and the blocks that hold them.
///
/// Its tokens are here and nowhere else: whoever chooses the next ones reads them here.
public struct TokenSequence {
    public let id: SequenceID
    /// The prompt and every token appended since.
    public internal(set) var tokens: [Int32]
    /// How many of them are the prompt's.
    public let promptCount: Int
    /// Which adapter of the weights it is computed with.
    public let adapter: AdapterID
    let wantsAllRows: Bool
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
    public internal(set) var reusedCount = 0
    /// Whether all tokens were in the stream once since it was admitted: from then on one follows the other.
    var hasCaughtUp = false

    init(id: SequenceID, _ request: SequenceRequest) {
        self.id = id
        tokens = request.tokens
        tokens.reserveCapacity(request.tokenCapacity)
        blocks.reserveCapacity(KVCapacity.blocks(forPositions: request.tokenCapacity))
        promptCount = request.tokens.count
        adapter = request.adapter
        wantsAllRows = request.wantsAllRows
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
        blocks.removeAll(keepingCapacity: true)
        indexedCount = 0
        hasCaughtUp = false
    }
}
