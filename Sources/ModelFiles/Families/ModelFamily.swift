/// What sets one family of models apart from the others; all share the decoder layer of Llama.
///
/// A family is one value: see <doc:AddingAFamily>. What a model's files say about its shape is read by
/// ``GGUFConfiguration`` and ``HuggingFaceConfiguration``; here stands only what they leave unsaid.
struct ModelFamily: Sendable {
    /// GGUF's `general.architecture`.
    let architecture: String
    /// What config.json calls `model_type`.
    let modelTypes: [String]
    /// How GGUF files pair the elements that are rotated together; Hugging Face weights always pair halves.
    let ggufPairing: RotaryConfiguration.Pairing
    /// Matrices that its files keep as one.
    var fused: [FusedMatrix] = []
    /// The biases of queries, keys and values.
    var biases = Presence.never
    /// The bias after attention's output matrix.
    var outputBias = Presence.never
    /// The biases of the feed-forward network's matrices.
    var feedForwardBiases = Presence.never
    /// Whether each head of queries and keys is normalized before it is rotated.
    var normalizesHeads = false
    /// When config.json's `sliding_window` counts; a GGUF's always does.
    var window = WindowRule.never
    /// Layers that do not rotate queries and keys, where the files say nothing else.
    var layersWithoutRotary = LayerPattern.none

    enum Presence: Sendable {
        case never, optional, always
    }

    enum WindowRule: Sendable {
        case never
        /// Wherever there is one.
        case always
        /// Where `use_sliding_window` says so.
        case onRequest
    }
}

extension ModelFamily {
    /// Whether its models have such a weight.
    func presence(of role: WeightRole) -> Presence {
        switch role {
        case .bq, .bk, .bv: biases
        case .bo: outputBias
        case .bGate, .bUp, .bDown: feedForwardBiases
        case .queryNorm, .keyNorm: normalizesHeads ? .always : .never
        case .tokenEmbedding, .outputNorm, .outputHead: .always
        case .attentionNorm, .wq, .wk, .wv, .wo, .ffnNorm, .wGate, .wUp, .wDown: .always
        }
    }
}

extension ModelFamily {
    static let all = [llama, mistral, mistral3, qwen2, qwen3, smolLM3, phi3]

    /// The family of a GGUF's architecture.
    static func named(architecture: String) -> ModelFamily? { all.first { $0.architecture == architecture } }

    /// The family of config.json's `model_type`.
    static func named(modelType: String) -> ModelFamily? { all.first { $0.modelTypes.contains(modelType) } }
}
