/// What `chat --json` prints.
public struct ChatReport: Codable, Sendable {
    public var turns: [GenerationReport]

    public init(
        turns: [GenerationReport]
    ) {
        self.turns = turns
    }
}
