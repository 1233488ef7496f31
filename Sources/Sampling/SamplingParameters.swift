import Tokenization

/// How the next token is chosen from the logits. The defaults switch every step off: greedy decoding.
///
/// The steps run in this order: repetition, frequency and presence penalties, bias, temperature, top-k, top-p, min-p.
/// A temperature of 0 takes the highest logit after penalties and bias; the rest does not apply then. Otherwise the token
/// is drawn among those that are left: see ``GumbelRace``.
public struct SamplingParameters: Sendable, Equatable, Codable {
    /// Logits are divided by it; 0 is greedy.
    public var temperature: Double = 0
    /// Only this many of the most probable tokens stay; 0 keeps all.
    public var topK: Int = 0
    /// The fewest most probable tokens stay whose probabilities add up to it; 1 keeps all. Holtzman et al. 2020.
    public var topP: Double = 1
    /// Tokens less probable than this share of the most probable one go; 0 keeps all.
    public var minP: Double = 0
    /// Positive logits of tokens in prompt or answer are divided by it, others multiplied; 1 is off. Keskar et al. 2019 (CTRL).
    public var repeatPenalty: Double = 1
    /// Subtracted from a token's logit once for each time it was sampled; 0 is off.
    public var frequencyPenalty: Double = 0
    /// Subtracted from a token's logit if it was sampled at all; 0 is off.
    public var presencePenalty: Double = 0
    /// How many of the last tokens the three penalties look at; nil takes the whole history.
    public var penaltyWindow: Int?
    /// Added to the logits of single tokens; -infinity bans a token.
    public var logitBias: [TokenID: Double] = [:]

    public init() {}

    /// Whether top-k takes any of `count` tokens out.
    func hasTopK(of count: Int) -> Bool { topK > 0 && topK < count }
}

extension SamplingParameters {
    /// Refuses values without a meaning; the sentence names the value and what is allowed.
    public func validate(vocabSize: Int) throws(SamplingParametersError) {
        try require(
            "temperature", temperature >= 0 && temperature.isFinite, "temperature \(temperature)",
            "0 (greedy) or a positive number")
        try require("top_k", topK >= 0, "top-k \(topK)", "0 (keep all) or more")
        try require("top_p", topP >= 0 && topP <= 1, "top-p \(topP)", "from 0 to 1 (keep all)")
        try require("min_p", minP >= 0 && minP <= 1, "min-p \(minP)", "from 0 (keep all) to 1")
        try require(
            "repetition_penalty", repeatPenalty >= 0.01 && repeatPenalty <= 100, "repeat penalty \(repeatPenalty)",
            "from 0.01 to 100 (1 is off)")
        try require(
            "frequency_penalty", frequencyPenalty.magnitude <= 100, "frequency penalty \(frequencyPenalty)",
            "from -100 to 100 (0 is off)")
        try require(
            "presence_penalty", presencePenalty.magnitude <= 100, "presence penalty \(presencePenalty)",
            "from -100 to 100 (0 is off)")
        if let penaltyWindow {
            try require(
                "repeat_last_n", penaltyWindow >= 0, "penalty window \(penaltyWindow)", "0 or more tokens")
        }
        for (id, bias) in logitBias {
            try require(
                "logit_bias", id >= 0 && Int(id) < vocabSize, "logit bias for token \(id)",
                "for tokens 0 to \(vocabSize - 1)")
            try require(
                "logit_bias", bias.magnitude <= 1e6 || bias == -.infinity, "logit bias \(bias) for token \(id)",
                "from -1e6 to 1e6, or -inf to ban the token")
        }
        if !logitBias.isEmpty, logitBias.values.count(where: { $0 == -.infinity }) == vocabSize {
            throw SamplingParametersError(
                description: "\(SamplerError.everyTokenBanned)", parameter: "logit_bias")
        }
    }

    private func require(
        _ parameter: String, _ condition: Bool, _ what: String, _ allowed: String
    ) throws(SamplingParametersError) {
        if condition { return }
        throw SamplingParametersError(
            description: "\(what) is not possible: it must be \(allowed)", parameter: parameter)
    }
}
