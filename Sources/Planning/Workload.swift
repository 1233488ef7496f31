/// What a run is going to do, as far as it decides which partition is best: decode counts the output head for every row,
/// a prompt only for its last.
public struct Workload: Sendable, Equatable, Codable {
    public var promptTokens: Int
    /// The first one included, which comes with the prompt.
    public var generateTokens: Int
    public var sequences: Int
    /// Rows of a microbatch of prompts; nil: as many as the costs advise.
    public var chunk: Int?
    /// Whether requests come all the time, so that the prompts of some ride beside the next tokens of others, instead of
    /// all prompts first and then all decode.
    public var isContinuous: Bool

    public init(promptTokens: Int, generateTokens: Int, sequences: Int, chunk: Int?, isContinuous: Bool = false) {
        self.promptTokens = promptTokens
        self.generateTokens = generateTokens
        self.sequences = sequences
        self.chunk = chunk
        self.isContinuous = isContinuous
    }
}
