import ArgumentParser
import Engine
import ModelFiles

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

    @Option(help: "Makes tokens that stand in the text already less likely; 1 is off. Default: the model's, else 1.")
    var repeatPenalty: Double?

    @Option(help: "Subtracted from a token's logit once for each time that it stands in the text; 0 is off.")
    var frequencyPenalty = 0.0

    @Option(help: "Subtracted from a token's logit if it stands in the text; 0 is off.")
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

    /// The options with the model's own values where the user gave none. Values without a meaning are refused, before a model
    /// is loaded for them.
    func completed(for model: Model) throws -> SamplingOptions {
        var options = self
        if let defaults = model.samplingDefaults {
            options.temperature = temperature ?? defaults.temperature
            options.topK = topK ?? defaults.topK
            options.topP = topP ?? defaults.topP
            options.minP = minP ?? defaults.minP
            options.repeatPenalty = repeatPenalty ?? defaults.repeatPenalty
        }
        try options.parameters.validate(vocabSize: model.configuration.vocabSize)
        return options
    }

    private var parameters: SamplingParameters {
        var parameters = SamplingParameters()
        if let temperature { parameters.temperature = temperature }
        if let topK { parameters.topK = topK }
        if let topP { parameters.topP = topP }
        if let minP { parameters.minP = minP }
        if let repeatPenalty { parameters.repeatPenalty = repeatPenalty }
        parameters.frequencyPenalty = frequencyPenalty
        parameters.presencePenalty = presencePenalty
        return parameters
    }

    /// Puts in what one line of a batch asks for.
    mutating func replace(by line: SamplingOverrides) {
        maxTokens = line.maxTokens ?? maxTokens
        temperature = line.temperature ?? temperature
        topK = line.topK ?? topK
        topP = line.topP ?? topP
        minP = line.minP ?? minP
        repeatPenalty = line.repeatPenalty ?? repeatPenalty
        frequencyPenalty = line.frequencyPenalty ?? frequencyPenalty
        presencePenalty = line.presencePenalty ?? presencePenalty
        seed = line.seed ?? seed
        stop = line.stop ?? stop
        ignoreEOS = line.ignoreEOS ?? ignoreEOS
    }

    func request(for promptIDs: [TokenID]) -> GenerationRequest {
        GenerationRequest(
            promptIDs: promptIDs, maxTokens: maxTokens, parameters: parameters, seed: seed, stopStrings: stop,
            ignoresEndTokens: ignoreEOS)
    }
}

/// What one line of a batch asks for in place of the flags.
struct SamplingOverrides {
    let maxTokens: Int?
    let temperature: Double?
    let topK: Int?
    let topP: Double?
    let minP: Double?
    let repeatPenalty: Double?
    let frequencyPenalty: Double?
    let presencePenalty: Double?
    let seed: UInt64?
    let stop: [String]?
    let ignoreEOS: Bool?

    private enum Keys: String, CodingKey {
        case temperature, seed, stop
        case maxTokens = "max_tokens"
        case topK = "top_k"
        case topP = "top_p"
        case minP = "min_p"
        case repeatPenalty = "repeat_penalty"
        case frequencyPenalty = "frequency_penalty"
        case presencePenalty = "presence_penalty"
        case ignoreEOS = "ignore_eos"
    }

    init(_ decoder: any Decoder) throws(LineError) {
        let fields = try LineFields(decoder, keyedBy: Keys.self)
        maxTokens = try fields.value(.maxTokens, "a whole number")
        temperature = try fields.value(.temperature, "a number")
        topK = try fields.value(.topK, "a whole number")
        topP = try fields.value(.topP, "a number")
        minP = try fields.value(.minP, "a number")
        repeatPenalty = try fields.value(.repeatPenalty, "a number")
        frequencyPenalty = try fields.value(.frequencyPenalty, "a number")
        presencePenalty = try fields.value(.presencePenalty, "a number")
        seed = try fields.value(.seed, "a whole number from 0 to \(UInt64.max)")
        let words: Words? = try fields.value(.stop, "a text or a list of texts")
        stop = words?.list
        ignoreEOS = try fields.value(.ignoreEOS, "true or false")
    }

    /// One text, or a list of them.
    private struct Words: Decodable {
        let list: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let word = try? container.decode(String.self) {
                list = [word]
            } else {
                list = try container.decode([String].self)
            }
        }
    }
}
