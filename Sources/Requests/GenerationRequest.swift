import Sampling
import Tokenization

/// What to generate: together with the model this decides every sampled token.
public struct GenerationRequest: Sendable, Codable {
    public var id = RequestID()
    public var promptIDs: [TokenID]
    /// The most tokens to sample.
    public var maxTokens: Int
    public var parameters: SamplingParameters
    public var seed: UInt64
    /// Generation ends before any of these appears in the text.
    public var stopStrings: [String]
    /// Whether end tokens are sampled like any other.
    public var ignoresEndTokens: Bool
    /// Whether keys and values that other sequences left in the cache may be used; the tokens are the same.
    public var reusesPrefix: Bool
    /// Which of several answers to the same prompt this is: with one seed each draws other random numbers.
    public var choice: UInt32 = 0
    /// nil: none are computed.
    public var logprobs: LogprobsRequest?

    public init(
        promptIDs: [TokenID], maxTokens: Int, parameters: SamplingParameters, seed: UInt64, stopStrings: [String] = [],
        ignoresEndTokens: Bool = false, reusesPrefix: Bool = true
    ) {
        self.promptIDs = promptIDs
        self.maxTokens = maxTokens
        self.parameters = parameters
        self.seed = seed
        self.stopStrings = stopStrings
        self.ignoresEndTokens = ignoresEndTokens
        self.reusesPrefix = reusesPrefix
    }
}

extension GenerationRequest {
    /// Refuses what cannot be done, whatever else runs.
    public func check(_ rules: PromptRules) throws {
        try parameters.validate(vocabSize: rules.vocabSize)
        guard maxTokens >= (logprobs?.includesPrompt == true ? 0 : 1) else {
            throw EngineError.badInput("at least one token must be asked for")
        }
        _ = try StopStrings(stopStrings)
        try rules.check(promptIDs)
    }
}
