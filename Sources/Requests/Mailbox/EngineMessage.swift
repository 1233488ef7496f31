/// What other threads ask of the engine thread. Plain values, so that they could as well come from another process.
public enum EngineMessage: Sendable, Codable {
    /// Generate. Without `streams` nothing is told before the end.
    case start(GenerationRequest, streams: Bool, hashesLogits: Bool)
    /// End a request now; unknown ones, and those that have ended, are ignored.
    case cancel(RequestID)
    /// End the service; `finishing` first what was started, or else cancelling it.
    case close(finishing: Bool)
}
