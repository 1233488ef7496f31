import Microbatches

/// What is to be computed of a sequence.
public struct SequenceRequest: Sendable {
    /// The prompt: at least one token.
    public var tokens: [Int32]
    /// The most tokens that it may come to have, for which memory is taken at once.
    public var tokenCapacity: Int
    /// Whether every row is to come back, not only the one after the last token.
    public var wantsAllRows: Bool
    /// Whether keys and values that another sequence computed may be used.
    public var reusesPrefix: Bool
    /// Which adapter of the weights it is computed with.
    public var adapter: AdapterID

    public init(
        tokens: [Int32], tokenCapacity: Int = 0, wantsAllRows: Bool = false, reusesPrefix: Bool = true,
        adapter: AdapterID = .none
    ) {
        self.tokens = tokens
        self.tokenCapacity = tokenCapacity
        self.wantsAllRows = wantsAllRows
        self.reusesPrefix = reusesPrefix && !wantsAllRows
        self.adapter = adapter
    }
}
