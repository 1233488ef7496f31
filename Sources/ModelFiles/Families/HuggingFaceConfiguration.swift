/// Reads a ``ModelConfiguration`` from a Hugging Face folder's config.json, old and new spellings.
struct HuggingFaceConfiguration {
    private let settings: HuggingFaceSettings
    private let tensors: StoredTensors

    init(_ settings: HuggingFaceSettings, _ tensors: StoredTensors) {
        self.settings = settings
        self.tensors = tensors
    }

    /// The family that the settings name.
    static func family(_ settings: HuggingFaceSettings) throws(ModelFileProblem) -> ModelFamily {
        guard let type = try settings.text("model_type") else { throw .missingSetting("model_type") }
        if let family = ModelFamily.named(modelType: type) { return family }
        throw .unsupportedArchitecture(printable(type), supported: ModelFamily.all.flatMap(\.modelTypes))
    }

    func read(_ family: ModelFamily, name: String) throws(ModelFileProblem) -> ModelConfiguration {
        try refuseUnsupported()
        let hiddenSize = try settings.size("hidden_size")
        let headCount = try settings.size("num_attention_heads")
        let kvHeadCount = try settings.optionalSize("num_key_value_heads") ?? headCount
        guard headCount % kvHeadCount == 0 else {
            throw .invalidSetting(
                "num_key_value_heads", reason: "is \(kvHeadCount), which does not divide the \(headCount) query heads")
        }
        let headDim = try headDim(hiddenSize: hiddenSize, headCount: headCount)
        let layerCount = try settings.size("num_hidden_layers")
        let rotary = HuggingFaceRotary(settings)
        let length = try settings.optionalSize("max_position_embeddings") ?? 2048
        let rope = try rotary.read(headDim: headDim, contextLength: length)
        var configuration = ModelConfiguration(
            architecture: family.architecture, name: name, layerCount: layerCount, hiddenSize: hiddenSize,
            intermediateSize: try settings.size("intermediate_size"), headCount: headCount, kvHeadCount: kvHeadCount,
            headDim: headDim, vocabSize: try vocabSize(),
            contextLength: try rotary.contextLength(length, rope),
            rmsNormEpsilon: Float(try settings.optionalNumber("rms_norm_eps", in: 1e-30...1) ?? 1e-6),
            rope: rope, hasTiedOutputHead: try hasTiedOutputHead())
        configuration.layersWithoutRotary = try layersWithoutRotary(family)
        if let window = try window(family) {
            configuration.windows = [LayerWindow(try windowedLayers(), size: window)]
        }
        return configuration
    }

    /// Settings that change what a layer computes, and that this program would otherwise silently leave out.
    private func refuseUnsupported() throws(ModelFileProblem) {
        if let quantization = settings["quantization_config"] {
            let method = quantization["quant_method"]?.string.map(printable) ?? "a method of its own"
            throw .unsupportedFeature("the weights are quantized by \(method)")
        }
        if let activation = try settings.text("hidden_act"), activation != "silu", activation != "swish" {
            throw .unsupportedFeature("the model activates by '\(printable(activation))'")
        }
        for name in ["num_local_experts", "num_experts", "n_routed_experts"] {
            if let experts = settings[name]?.integer, experts > 1 {
                throw .unsupportedFeature("the model is a mixture of \(experts) experts")
            }
        }
    }

    private func headDim(hiddenSize: Int, headCount: Int) throws(ModelFileProblem) -> Int {
        if let size = try settings.optionalSize("head_dim") { return size }
        guard hiddenSize % headCount == 0 else {
            throw .invalidSetting("hidden_size", reason: "is \(hiddenSize), which the \(headCount) heads do not divide")
        }
        return hiddenSize / headCount
    }

    private func vocabSize() throws(ModelFileProblem) -> Int {
        let rows = try tensors.rows(of: TensorNames.huggingFace.name(.tokenEmbedding))
        if let size = try settings.optionalSize("vocab_size"), size != rows {
            throw .invalidSetting("vocab_size", reason: "is \(size), but the embedding has \(rows) rows")
        }
        return rows
    }

    /// A head that is there is used, whatever the settings say: where both are there and differ, `transformers` does not
    /// tie them either.
    private func hasTiedOutputHead() throws(ModelFileProblem) -> Bool {
        if try settings.flag("tie_word_embeddings") == false { return false }
        return tensors[TensorNames.huggingFace.name(.outputHead)] == nil
    }

    /// `no_rope_layers` says 1 for each layer with rotation.
    private func layersWithoutRotary(_ family: ModelFamily) throws(ModelFileProblem) -> LayerPattern {
        guard family.layersWithoutRotary != .none else { return .none }
        if let layers = try settings.list("no_rope_layers") { return .listed(layers.map { $0.integer == 0 }) }
        guard let interval = try settings.optionalSize("no_rope_layer_interval") else {
            return family.layersWithoutRotary
        }
        return .every(interval)
    }

    private func window(_ family: ModelFamily) throws(ModelFileProblem) -> Int? {
        switch family.window {
        case .never: nil
        case .always: try settings.optionalSize("sliding_window")
        case .onRequest:
            try settings.flag("use_sliding_window") == true ? try settings.optionalSize("sliding_window") : nil
        }
    }

    /// Those that `layer_types` lists, or those from `max_window_layers` on.
    private func windowedLayers() throws(ModelFileProblem) -> LayerPattern {
        if let types = try settings.list("layer_types") {
            return .listed(types.map { $0.string == "sliding_attention" })
        }
        guard let first = settings["max_window_layers"] else { return .all }
        guard let first = first.integer, first >= 0 else {
            throw .invalidSetting("max_window_layers", reason: "is no number of layers")
        }
        return .from(first)
    }
}
