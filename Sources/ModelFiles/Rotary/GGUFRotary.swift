import Tensors

/// Reads a GGUF's rotary embedding, old and new spellings.
struct GGUFRotary {
    static let factors = "rope_freqs.weight"
    static let longFactors = "rope_factors_long.weight"
    static let shortFactors = "rope_factors_short.weight"

    private let metadata: ModelMetadata
    private let tensors: StoredTensors

    init(_ metadata: ModelMetadata, _ tensors: StoredTensors) {
        self.metadata = metadata
        self.tensors = tensors
    }

    func read(headDim: Int, pairing: RotaryConfiguration.Pairing) throws(ModelFileProblem) -> RotaryConfiguration {
        let dimensionCount = try metadata.optionalSize("rope.dimension_count") ?? headDim
        guard dimensionCount % 2 == 0, dimensionCount <= headDim else {
            throw .invalidValue(
                key: metadata.key("rope.dimension_count"),
                reason: "is \(dimensionCount), not an even number up to the head size \(headDim)")
        }
        let pairs = dimensionCount / 2
        return RotaryConfiguration(
            theta: try metadata.optionalNumber("rope.freq_base", in: 1...1e15) ?? 10_000,
            dimensionCount: dimensionCount, pairing: pairing, scaling: try scaling(pairs: pairs),
            frequencyFactors: try list(Self.factors, pairs: pairs))
    }

    /// `rope.scaling.type` and `.factor`, or `rope.scale_linear` of files from before 2023-11. A factor of 0 means none.
    private func scaling(pairs: Int) throws(ModelFileProblem) -> RotaryScaling {
        if tensors[Self.longFactors] != nil || tensors[Self.shortFactors] != nil { return try longRoPE(pairs: pairs) }
        let limits = 0.0...1e6
        let old = try metadata.optionalNumber("rope.scale_linear", in: limits)
        let factor = try metadata.optionalNumber("rope.scaling.factor", in: limits) ?? old ?? 1
        let type = metadata.value("rope.scaling.type").map { printable($0.text ?? []) } ?? "linear"
        switch type {
        case "none", "longrope": return .none
        case "linear": return factor == 0 || factor == 1 ? .none : .linear(factor: factor)
        case "yarn": return .yarn(try yarn(factor: factor == 0 ? 1 : factor))
        default: throw .unsupportedFeature("the model scales its positions by '\(type)'")
        }
    }

    private func yarn(factor: Double) throws(ModelFileProblem) -> YaRNScaling {
        if let mixing = try metadata.optionalNumber("rope.scaling.yarn_ext_factor", in: -1e6...1e6), mixing != 1 {
            throw .unsupportedFeature("the model extrapolates its positions by \(mixing.shortest)")
        }
        let (limits, betas) = (1e-3...1e3, 1e-3...1e6)
        let attentionFactor = try metadata.optionalNumber("rope.scaling.attn_factor", in: limits)
        let scale = try metadata.optionalNumber("rope.scaling.yarn_log_multiplier", in: 0...1e3) ?? 0
        return YaRNScaling(
            factor: factor, originalContextLength: try originalContextLength(),
            betaFast: try metadata.optionalNumber("rope.scaling.yarn_beta_fast", in: betas) ?? 32,
            betaSlow: try metadata.optionalNumber("rope.scaling.yarn_beta_slow", in: betas) ?? 1,
            attentionFactor: try metadata.optionalNumber("rope.scaling.yarn_attn_factor", in: limits)
                ?? attentionFactor,
            scales: scale == 0 ? nil : YaRNScaling.Scales(numerator: 1, denominator: scale))
    }

    private func longRoPE(pairs: Int) throws(ModelFileProblem) -> RotaryScaling {
        guard let short = try list(Self.shortFactors, pairs: pairs) else { throw .missingTensor(Self.shortFactors) }
        guard let long = try list(Self.longFactors, pairs: pairs) else { throw .missingTensor(Self.longFactors) }
        let original = try originalContextLength()
        return .longRoPE(
            LongRoPEScaling(
                shortFactors: short, longFactors: long, originalContextLength: original,
                factor: Double(try metadata.size("context_length")) / Double(original),
                attentionFactor: try metadata.optionalNumber("rope.scaling.attn_factor", in: 1e-3...1e3) ?? 1))
    }

    private func originalContextLength() throws(ModelFileProblem) -> Int {
        if let length = try metadata.optionalSize("rope.scaling.original_context_length") { return length }
        return try metadata.size("context_length")
    }

    private func list(_ name: String, pairs: Int) throws(ModelFileProblem) -> [Float]? {
        guard let tensor = tensors[name] else { return nil }
        guard tensor.type == .f32 else {
            throw .unsupportedElementType(tensor: tensor.name, type: tensor.typeName, supported: [ElementType.f32.name])
        }
        guard tensor.elementCount == pairs else {
            throw .wrongShape(tensor: tensor.name, expected: [pairs], found: tensor.dimensions)
        }
        let factors = try tensor.bytes().withUnsafeBytes { bytes in
            (0..<pairs).map { Float(bitPattern: GGUFValue.load(UInt32.self, bytes, 4 * $0)) }
        }
        guard factors.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw .invalidDimensions(tensor: tensor.name, reason: "holds a factor that is not positive")
        }
        return factors
    }
}
