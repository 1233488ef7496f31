/// What the engine is doing: a plain value that its thread publishes now and then. Counts without another word are since
/// the start.
public struct EngineStatus: Sendable, Codable {
    /// How often it is published while the engine works.
    public static let interval = Duration.milliseconds(50)

    /// Sequences that wait for a slot or for memory.
    public var waiting = 0
    /// Sequences that hold a slot.
    public var running = 0
    /// Blocks of the KV cache, of 64 positions each, and how many of them no sequence holds.
    public var kvBlocks = 0
    public var freeKVBlocks = 0
    /// The most microbatches that were in the ring at once since the status before: of one answer there is none just when
    /// its token is chosen.
    public var inFlight = 0
    public var microbatches = 0
    /// Tokens computed, of prompts and answers.
    public var computedTokens = 0
    public var sampledTokens = 0
    /// How often a sequence had to make room for an older one.
    public var preemptions = 0
    /// Seconds that each stage has computed, by rank.
    public var busySeconds: [Double] = []
    /// Seconds since the engine began to serve.
    public var seconds = 0.0

    public init() {}
}
