import ModelFiles
import Sampling
import Tokenization

/// What someone asks of a generation beside its prompt; nil where nothing is said, and something else decides.
public struct RequestOptions: Sendable, Equatable {
    public var maxTokens: Int?
    public var temperature: Double?
    public var topK: Int?
    public var topP: Double?
    public var minP: Double?
    public var repeatPenalty: Double?
    public var frequencyPenalty: Double?
    public var presencePenalty: Double?
    /// How many of the last tokens penalties look at; nil is all.
    public var penaltyWindow: Int?
    public var logitBias: [TokenID: Double]?
    public var seed: UInt64?
    public var stopStrings: [String]?
    public var ignoresEndTokens: Bool?

    public init() {}

    /// What the makers of a model recommend.
    public init(_ defaults: SamplingDefaults) {
        temperature = defaults.temperature
        topK = defaults.topK
        topP = defaults.topP
        minP = defaults.minP
        repeatPenalty = defaults.repeatPenalty
    }

    /// These, and where they say nothing, what `others` say.
    public func completed(by others: RequestOptions) -> RequestOptions {
        var options = self
        options.maxTokens = maxTokens ?? others.maxTokens
        options.temperature = temperature ?? others.temperature
        options.topK = topK ?? others.topK
        options.topP = topP ?? others.topP
        options.minP = minP ?? others.minP
        options.repeatPenalty = repeatPenalty ?? others.repeatPenalty
        options.frequencyPenalty = frequencyPenalty ?? others.frequencyPenalty
        options.presencePenalty = presencePenalty ?? others.presencePenalty
        options.penaltyWindow = penaltyWindow ?? others.penaltyWindow
        options.logitBias = logitBias ?? others.logitBias
        options.seed = seed ?? others.seed
        options.stopStrings = stopStrings ?? others.stopStrings
        options.ignoresEndTokens = ignoresEndTokens ?? others.ignoresEndTokens
        return options
    }

    /// How tokens are chosen; what is not said is off.
    public var parameters: SamplingParameters {
        var parameters = SamplingParameters()
        if let temperature { parameters.temperature = temperature }
        if let topK { parameters.topK = topK }
        if let topP { parameters.topP = topP }
        if let minP { parameters.minP = minP }
        if let repeatPenalty { parameters.repeatPenalty = repeatPenalty }
        if let frequencyPenalty { parameters.frequencyPenalty = frequencyPenalty }
        if let presencePenalty { parameters.presencePenalty = presencePenalty }
        parameters.penaltyWindow = penaltyWindow
        if let logitBias { parameters.logitBias = logitBias }
        return parameters
    }

    /// The request that asks for this after a prompt; without a word on them, for as many tokens as the context holds, and
    /// with a seed of 0.
    public func request(for promptIDs: [TokenID]) -> GenerationRequest {
        GenerationRequest(
            promptIDs: promptIDs, maxTokens: maxTokens ?? .max, parameters: parameters, seed: seed ?? 0,
            stopStrings: stopStrings ?? [], ignoresEndTokens: ignoresEndTokens ?? false)
    }
}
