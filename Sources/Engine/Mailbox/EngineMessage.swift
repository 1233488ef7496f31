/// Names a request for as long as its mailbox lives.
public typealias RequestID = UInt64

/// What other threads ask of the engine thread. Plain values, so that they could as well come from another process.
public enum EngineMessage: Sendable, Codable {
    /// Generate. Without `streams` nothing is told before the end.
    case start(RequestID, GenerationRequest, streams: Bool, hashesLogits: Bool)
    /// End a request now; unknown ones, and those that have ended, are ignored.
    case cancel(RequestID)
    /// End the service; `finishing` first what was started, or else cancelling it.
    case close(finishing: Bool)
}

/// What the engine tells of one request: perhaps its prompt, any number of tokens, then one of the others.
public enum EngineEvent: Sendable, Codable {
    /// How likely the prompt's tokens were, from the second on; where that was asked for.
    case prompt([TokenLogprobs])
    case token(SampledToken)
    /// It is over; cancelled requests end like this too.
    case ended(GenerationResult)
    /// It asks for what cannot be; the sentence says what.
    case refused(String)
    /// The engine ended before the request did; the sentence says why.
    case lost(String)

    /// Whether nothing follows.
    public var isLast: Bool {
        switch self {
        case .prompt, .token: false
        case .ended, .refused, .lost: true
        }
    }
}
