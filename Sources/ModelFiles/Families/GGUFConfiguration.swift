import Tensors

/// Reads a ``ModelConfiguration`` from a GGUF's metadata.
enum GGUFConfiguration {
    static func read(
        _ metadata: ModelMetadata, _ family: ModelFamily, _ tensors: StoredTensors
    ) throws(ModelFileProblem) -> ModelConfiguration {
        try refuseUnsupported(metadata)
        let hiddenSize = try metadata.size("embedding_length")
        let headCount = try metadata.size("attention.head_count")
        let kvHeadCount = try metadata.optionalSize("attention.head_count_kv") ?? headCount
        guard headCount % kvHeadCount == 0 else {
            throw .invalidValue(
                key: metadata.key("attention.head_count_kv"),
                reason: "is \(kvHeadCount), which does not divide the \(headCount) query heads")
        }
        let headDim = try headDim(metadata, hiddenSize: hiddenSize, headCount: headCount)
        guard let epsilon = try metadata.optionalNumber("attention.layer_norm_rms_epsilon", in: 1e-30...1) else {
            throw .missingKey(metadata.key("attention.layer_norm_rms_epsilon"))
        }
        var configuration = ModelConfiguration(
            architecture: metadata.architecture, name: metadata.file["general.name"]?.string?.fitForTerminal ?? "",
            layerCount: try metadata.size("block_count"), hiddenSize: hiddenSize,
            intermediateSize: try metadata.size("feed_forward_length"), headCount: headCount,
            kvHeadCount: kvHeadCount, headDim: headDim,
            vocabSize: try tensors.rows(of: TensorNames.gguf.name(.tokenEmbedding)),
            contextLength: try contextLength(metadata), rmsNormEpsilon: Float(epsilon),
            rope: try GGUFRotary(metadata, tensors).read(headDim: headDim, pairing: family.ggufPairing),
            hasTiedOutputHead: tensors[TensorNames.gguf.name(.outputHead)] == nil)
        configuration.layersWithoutRotary = family.layersWithoutRotary
        configuration.valueDim = try metadata.optionalSize("attention.value_length") ?? headDim
        configuration.windows = try windows(metadata)
        return configuration
    }

    /// Keys that change what a layer computes, and that this program would otherwise silently leave out.
    private static func refuseUnsupported(_ metadata: ModelMetadata) throws(ModelFileProblem) {
        if let experts = metadata.value("expert_count")?.integer, experts > 0 {
            throw .unsupportedFeature("the model is a mixture of \(experts) experts")
        }
        if metadata.value("attention.causal")?.bool == false {
            throw .unsupportedFeature("the model's attention is not causal")
        }
        for name in ["embedding_scale", "residual_scale", "logit_scale", "attention.scale"] {
            if let scale = metadata.value(name)?.number, scale != 0 && scale != 1 {
                throw .unsupportedFeature("the model scales by '\(metadata.key(name))'")
            }
        }
    }

    /// Ministral scales queries by their positions, from the original context's end on; a run stays before it.
    private static func contextLength(_ metadata: ModelMetadata) throws(ModelFileProblem) -> Int {
        let length = try metadata.size("context_length")
        guard let scale = metadata.value("attention.temperature_scale")?.number, scale != 0 else { return length }
        return min(length, try metadata.optionalSize("rope.scaling.original_context_length") ?? length)
    }

    /// One window, or a list with one for each layer; 0 stands for none.
    private static func windows(_ metadata: ModelMetadata) throws(ModelFileProblem) -> [LayerWindow] {
        guard let value = metadata.value("attention.sliding_window") else { return [] }
        if let size = value.integer { return size > 0 ? [LayerWindow(try windowedLayers(metadata), size: size)] : [] }
        let key = metadata.key("attention.sliding_window")
        guard let sizes = value.integers else { throw .invalidValue(key: key, reason: "is no integer") }
        let different = Set(sizes.lazy.filter { $0 > 0 })
        guard different.count <= 8 else { throw .unsupportedFeature("'\(key)' has more than 8 sizes") }
        return different.sorted().map { size in LayerWindow(.listed(sizes.map { $0 == size }), size: size) }
    }

    /// All layers, or those for which the file's list says so.
    private static func windowedLayers(_ metadata: ModelMetadata) throws(ModelFileProblem) -> LayerPattern {
        guard let pattern = metadata.value("attention.sliding_window_pattern") else { return .all }
        if let layers = pattern.bools { return .listed(layers) }
        throw .unsupportedFeature("'\(metadata.key("attention.sliding_window_pattern"))' is no list of truth values")
    }

    private static func headDim(
        _ metadata: ModelMetadata, hiddenSize: Int, headCount: Int
    ) throws(ModelFileProblem) -> Int {
        if let length = try metadata.optionalSize("attention.key_length") { return length }
        guard hiddenSize % headCount == 0 else {
            throw .invalidValue(
                key: metadata.key("embedding_length"),
                reason: "is \(hiddenSize), which the \(headCount) heads do not divide")
        }
        return hiddenSize / headCount
    }
}

extension StoredTensors {
    /// The rows of an embedding, which are the vocabulary's size.
    func rows(of name: String) throws(ModelFileProblem) -> Int {
        guard let embedding = self[name] else { throw .missingTensor(name) }
        let rows = embedding.dimensions.dropFirst().reduce(1, *)
        guard rows <= ModelMetadata.largestSize else {
            throw .invalidDimensions(tensor: embedding.name, reason: "has \(rows) rows, more than any vocabulary")
        }
        return rows
    }
}

extension String {
    /// The text without control characters, and not endless.
    var fitForTerminal: String {
        String(String.UnicodeScalarView(unicodeScalars.lazy.filter { !$0.isControl }.prefix(128)))
    }
}

extension Unicode.Scalar {
    /// A C0 or C1 control, which a terminal might obey.
    fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
