/// Why a generation ended.
public enum StopReason: String, Sendable, Codable {
    /// An end token or a stop string.
    case stop
    /// The asked number of tokens, or the end of the context.
    case length
    /// Whoever asked for it wanted no more.
    case cancelled
}
