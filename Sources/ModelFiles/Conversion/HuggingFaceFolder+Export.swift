import Elementary
import Tensors

/// A folder becomes what llama.cpp's converter makes of it.
extension HuggingFaceFolder: ExportedSource {
    func exportedMetadata(
        _ configuration: ModelConfiguration, _ family: ModelFamily
    ) throws(ModelFileProblem) -> [(key: String, value: GGUFValue)] {
        let layers = 0..<configuration.layerCount
        guard
            layers.allSatisfy({
                configuration.layersWithoutRotary.contains($0) == family.layersWithoutRotary.contains($0)
            })
        else {
            throw .unsupportedFeature("a GGUF cannot say which layers of this model know no positions")
        }
        let architecture = Self.architecture(of: family)
        func key(_ name: String) -> String { "\(architecture).\(name)" }
        func number(_ value: Int) -> GGUFValue { .uint32(UInt32(value)) }
        var metadata: [(key: String, value: GGUFValue)] = [
            ("general.architecture", .string(architecture)),
            ("general.type", .string("model")),
            ("general.name", .string(configuration.name)),
            (key("block_count"), number(configuration.layerCount)),
            (key("context_length"), number(configuration.contextLength)),
            (key("embedding_length"), number(configuration.hiddenSize)),
            (key("feed_forward_length"), number(configuration.intermediateSize)),
            (key("attention.head_count"), number(configuration.headCount)),
            (key("attention.head_count_kv"), number(configuration.kvHeadCount)),
            (key("attention.key_length"), number(configuration.headDim)),
            (key("attention.value_length"), number(configuration.valueDim)),
            (key("attention.layer_norm_rms_epsilon"), .float32(configuration.rmsNormEpsilon)),
            (key("rope.dimension_count"), number(configuration.rope.dimensionCount)),
            (key("rope.freq_base"), .float32(Float(configuration.rope.theta))),
            (key("vocab_size"), number(configuration.vocabSize)),
        ]
        if let window = configuration.windows.first {
            metadata.append((key("attention.sliding_window"), number(window.size)))
            if window.layers != .all {
                let layers = (0..<configuration.layerCount).map { GGUFValue.bool(window.layers.contains($0)) }
                metadata.append((key("attention.sliding_window_pattern"), .array(of: .bool, layers)))
            }
        }
        do { metadata += try samplingDefaults()?.exportedMetadata ?? [] } catch { throw error.problem }
        metadata += try configuration.rope.scaling.exportedMetadata.map { (key($0.key), $0.value) }
        return try metadata + tokenizerMetadata(configuration)
    }

    /// Mistral has no architecture of its own there.
    private static func architecture(of family: ModelFamily) -> String {
        family.architecture == ModelFamily.mistral.architecture
            ? ModelFamily.llama.architecture : family.architecture
    }

    /// The tokenizer's keys; none where the folder has no tokenizer.
    func tokenizerMetadata(
        _ configuration: ModelConfiguration
    ) throws(ModelFileProblem) -> [(key: String, value: GGUFValue)] {
        do {
            return try HuggingFaceTokenizer(folder: path).exportedMetadata(count: configuration.vocabSize)
        } catch {
            if error.problem == .noTokenizer { return [] }
            throw error.problem
        }
    }

    func exportedOrder(_ role: TensorRole, _ configuration: ModelConfiguration, _ family: ModelFamily) -> RowOrder {
        guard family.ggufPairing == .adjacent, case .weight(let weight, _) = role, weight.rule.followsPairing else {
            return .same
        }
        return .neighbours(headDim: configuration.headDim, rotated: configuration.rope.dimensionCount)
    }

    /// Rotary frequencies that GGUF files keep as tensors.
    func exportedTables(_ configuration: ModelConfiguration) -> [ExportedTensor] {
        func table(_ name: String, _ factors: [Float]) -> ExportedTensor {
            ExportedTensor(
                plan: GGUFTensorPlan(name: name, dimensions: [factors.count], type: .f32), content: .made(factors))
        }
        switch configuration.rope.scaling {
        case .none, .linear, .yarn: return []
        case .llama3(let scaling):
            return [table(GGUFRotary.factors, scaling.factors(configuration.rope))]
        case .longRoPE(let scaling):
            return [
                table(GGUFRotary.longFactors, scaling.longFactors),
                table(GGUFRotary.shortFactors, scaling.shortFactors),
            ]
        }
    }
}

extension Llama3Scaling {
    /// How many times slower each pair rotates.
    fileprivate func factors(_ rope: RotaryConfiguration) -> [Float] {
        let logTheta = Transcendental.log(rope.theta)
        return (0..<rope.dimensionCount / 2).map { pair in
            let frequency = Transcendental.exp(-logTheta * Double(2 * pair) / Double(rope.dimensionCount))
            return Float(frequency / scaled(frequency))
        }
    }
}

extension RotaryScaling {
    /// Keys without the architecture's name; what becomes a table has none.
    fileprivate var exportedMetadata: [(key: String, value: GGUFValue)] {
        get throws(ModelFileProblem) {
            switch self {
            case .none, .llama3: return []
            case .linear(let factor):
                return [
                    ("rope.scaling.type", .string("linear")), ("rope.scaling.factor", .float32(Float(factor))),
                ]
            case .yarn(let scaling): return try scaling.exportedMetadata
            case .longRoPE(let scaling):
                return [
                    ("rope.scaling.type", .string("longrope")),
                    ("rope.scaling.original_context_length", .uint32(UInt32(scaling.originalContextLength))),
                    ("rope.scaling.attn_factor", .float32(Float(scaling.magnitude))),
                ]
            }
        }
    }
}

extension YaRNScaling {
    fileprivate var exportedMetadata: [(key: String, value: GGUFValue)] {
        get throws(ModelFileProblem) {
            guard truncates, scales == nil || scales?.numerator == 1 else {
                throw .unsupportedFeature("a GGUF cannot say how this model's YaRN differs from the paper's")
            }
            var metadata: [(key: String, value: GGUFValue)] = [
                ("rope.scaling.type", .string("yarn")),
                ("rope.scaling.factor", .float32(Float(factor))),
                ("rope.scaling.original_context_length", .uint32(UInt32(originalContextLength))),
                ("rope.scaling.yarn_beta_fast", .float32(Float(betaFast))),
                ("rope.scaling.yarn_beta_slow", .float32(Float(betaSlow))),
            ]
            if let attentionFactor {
                metadata.append(("rope.scaling.yarn_attn_factor", .float32(Float(attentionFactor))))
            }
            if let scales {
                metadata.append(("rope.scaling.yarn_log_multiplier", .float32(Float(scales.denominator))))
            }
            return metadata
        }
    }
}
