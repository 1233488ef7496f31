/// Reads a rotary embedding from config.json: `rope_parameters` of today, or `rope_theta` and `rope_scaling` of before.
struct HuggingFaceRotary {
    private let settings: HuggingFaceSettings
    private let parameters: HuggingFaceSettings

    init(_ settings: HuggingFaceSettings) {
        self.settings = settings
        parameters = HuggingFaceSettings(settings["rope_parameters"] ?? settings["rope_scaling"] ?? .null)
    }

    func read(headDim: Int, contextLength: Int) throws(ModelFileProblem) -> RotaryConfiguration {
        let share = try number("partial_rotary_factor", in: 0...1) ?? 1
        let dimensionCount = Int(Double(headDim) * share)
        guard dimensionCount % 2 == 0, dimensionCount > 0 else {
            throw .invalidSetting("head_dim", reason: "is \(headDim), of which no even number of elements turns")
        }
        return RotaryConfiguration(
            theta: try number("rope_theta", in: 1...1e15) ?? 10_000, dimensionCount: dimensionCount, pairing: .halves,
            scaling: try scaling(pairs: dimensionCount / 2, contextLength))
    }

    /// Positions that the model is good for, where config.json says `length`.
    func contextLength(_ length: Int, _ rope: RotaryConfiguration) throws(ModelFileProblem) -> Int {
        // Ministral scales queries by their positions, from the original context's end on; a run stays before it.
        if let scale = try parameters.optionalNumber("llama_4_scaling_beta", in: -1e3...1e3), scale != 0 {
            return min(length, try originalContextLength(length))
        }
        // Qwen states the original length and leaves the stretching to whoever adds YaRN.
        guard case .yarn(let yarn) = rope.scaling else { return length }
        return max(length, Int(min(Double(yarn.originalContextLength) * yarn.factor, Double(Int32.max))))
    }

    /// A number that has moved into the parameters.
    private func number(_ name: String, in range: ClosedRange<Double>) throws(ModelFileProblem) -> Double? {
        if let number = try parameters.optionalNumber(name, in: range) { return number }
        return try settings.optionalNumber(name, in: range)
    }

    private func originalContextLength(_ length: Int) throws(ModelFileProblem) -> Int {
        let name = "original_max_position_embeddings"
        if let original = try parameters.optionalSize(name) { return original }
        return try settings.optionalSize(name) ?? length
    }

    private func scaling(pairs: Int, _ contextLength: Int) throws(ModelFileProblem) -> RotaryScaling {
        let oldType = try parameters.text("type")
        let type = try parameters.text("rope_type") ?? oldType ?? "default"
        let factors = 1e-3...1e6
        switch type {
        // The dynamic kind changes nothing up to the model's context length, where a run ends.
        case "default", "dynamic": return .none
        case "linear": return .linear(factor: try parameters.number("factor", in: factors))
        case "llama3":
            return .llama3(
                Llama3Scaling(
                    factor: try parameters.number("factor", in: factors),
                    lowFrequencyFactor: try parameters.number("low_freq_factor", in: factors),
                    highFrequencyFactor: try parameters.number("high_freq_factor", in: factors),
                    originalContextLength: try originalContextLength(contextLength)))
        case "yarn": return .yarn(try yarn(contextLength))
        case "longrope", "su": return .longRoPE(try longRoPE(pairs: pairs, contextLength))
        default: throw .unsupportedFeature("the model scales its positions by '\(printable(type))'")
        }
    }

    private func yarn(_ contextLength: Int) throws(ModelFileProblem) -> YaRNScaling {
        let original = try originalContextLength(contextLength)
        let limits = 1e-3...1e6
        var scales: YaRNScaling.Scales?
        if let numerator = try parameters.optionalNumber("mscale", in: 0...1e3), numerator != 0,
            let denominator = try parameters.optionalNumber("mscale_all_dim", in: 0...1e3), denominator != 0
        {
            scales = YaRNScaling.Scales(numerator: numerator, denominator: denominator)
        }
        return YaRNScaling(
            factor: try parameters.optionalNumber("factor", in: limits) ?? Double(contextLength) / Double(original),
            originalContextLength: original,
            betaFast: try parameters.optionalNumber("beta_fast", in: limits) ?? 32,
            betaSlow: try parameters.optionalNumber("beta_slow", in: limits) ?? 1,
            attentionFactor: try parameters.optionalNumber("attention_factor", in: 1e-3...1e3), scales: scales,
            truncates: try parameters.flag("truncate") ?? true)
    }

    private func longRoPE(pairs: Int, _ contextLength: Int) throws(ModelFileProblem) -> LongRoPEScaling {
        let original = try originalContextLength(contextLength)
        return LongRoPEScaling(
            shortFactors: try list("short_factor", pairs: pairs), longFactors: try list("long_factor", pairs: pairs),
            originalContextLength: original,
            factor: try parameters.optionalNumber("factor", in: 1e-3...1e6)
                ?? Double(contextLength) / Double(original),
            attentionFactor: try parameters.optionalNumber("attention_factor", in: 1e-3...1e3))
    }

    private func list(_ name: String, pairs: Int) throws(ModelFileProblem) -> [Float] {
        guard let list = try parameters.list(name) else { throw .missingSetting(name) }
        let factors = list.compactMap(\.number).map(Float.init)
        guard factors.count == pairs, list.count == pairs, factors.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw .invalidSetting(name, reason: "is no list of \(pairs) positive numbers")
        }
        return factors
    }
}
