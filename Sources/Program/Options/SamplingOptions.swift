import ArgumentParser
import ModelFiles
import Requests

/// How tokens are chosen, and when to stop.
struct SamplingOptions: ParsableArguments, Sendable {
    @Option(help: "The most tokens to sample.")
    var maxTokens = 512

    @Option(help: "0 takes the likeliest token; higher values vary more. Default: the model's, else 0.")
    var temperature: Double?

    @Option(
        name: .customLong("top-k"),
        help: "Sample from the k likeliest tokens only; 0 is off. Default: the model's, else 0.")
    var topK: Int?

    @Option(
        name: .customLong("top-p"),
        help: "Sample from the likeliest tokens that together reach p; 1 is off. Default: the model's, else 1.")
    var topP: Double?

    @Option(
        name: .customLong("min-p"),
        help: "Leave out tokens less likely than p times the likeliest; 0 is off. Default: the model's, else 0.")
    var minP: Double?

    @Option(
        help: """
            Makes tokens that stand in the prompt or the answer already less likely; 1 is off. Default: the model's, \
            else 1.
            """)
    var repeatPenalty: Double?

    @Option(help: "Subtracted from a token's logit once for each time that it stands in the answer; 0 is off.")
    var frequencyPenalty = 0.0

    @Option(help: "Subtracted from a token's logit if it stands in the answer; 0 is off.")
    var presencePenalty = 0.0

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

    /// What the flags ask for, with the model's own values where the user gave none. Values without a meaning are refused,
    /// before a model is loaded for them.
    func options(for model: Model) throws -> RequestOptions {
        var options = options
        if let defaults = try model.samplingDefaults() { options = options.completed(by: RequestOptions(defaults)) }
        try options.parameters.validate(vocabSize: model.configuration.vocabSize)
        return options
    }

    private var options: RequestOptions {
        var options = RequestOptions()
        options.maxTokens = maxTokens
        options.temperature = temperature
        options.topK = topK
        options.topP = topP
        options.minP = minP
        options.repeatPenalty = repeatPenalty
        options.frequencyPenalty = frequencyPenalty
        options.presencePenalty = presencePenalty
        options.seed = seed
        options.stopStrings = stop
        options.ignoresEndTokens = ignoreEOS
        return options
    }
}
