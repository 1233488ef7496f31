import ArgumentParser
import Engine
import ModelFiles

/// How tokens are chosen, and when to stop.
struct SamplingOptions: ParsableArguments {
    @Option(help: "The most tokens to sample.")
    var maxTokens = 512

    @Option(help: "0 takes the likeliest token; higher values vary more.")
    var temperature = 0.0

    @Option(name: .customLong("top-k"), help: "Sample from the k likeliest tokens only; 0 is off.")
    var topK = 0

    @Option(name: .customLong("top-p"), help: "Sample from the likeliest tokens that together reach p; 1 is off.")
    var topP = 1.0

    @Option(name: .customLong("min-p"), help: "Leave out tokens less likely than p times the likeliest; 0 is off.")
    var minP = 0.0

    @Option(help: "Makes tokens that stand in the text already less likely; 1 is off.")
    var repeatPenalty = 1.0

    @Option(help: "The random numbers' seed: the same seed gives the same text.")
    var seed: UInt64 = 0

    @Option(help: "Stop before this text appears; may be given several times.")
    var stop: [String] = []

    @Flag(help: "Go on after an end token.")
    var ignoreEOS = false

    func validate() throws {
        if maxTokens < 1 { throw ValidationError("--max-tokens must be at least 1.") }
        if stop.contains("") { throw ValidationError("--stop needs text.") }
    }

    /// Refuses values without a meaning, before a model is loaded for them.
    func check(for model: Model) throws { try parameters.validate(vocabSize: model.configuration.vocabSize) }

    private var parameters: SamplingParameters {
        var parameters = SamplingParameters()
        parameters.temperature = temperature
        parameters.topK = topK
        parameters.topP = topP
        parameters.minP = minP
        parameters.repeatPenalty = repeatPenalty
        return parameters
    }

    func request(for promptIDs: [TokenID]) -> GenerationRequest {
        GenerationRequest(
            promptIDs: promptIDs, maxTokens: maxTokens, parameters: parameters, seed: seed, stopStrings: stop,
            ignoresEndTokens: ignoreEOS)
    }
}
