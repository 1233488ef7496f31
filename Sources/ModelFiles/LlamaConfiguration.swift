import Tensors

/// Reads a ``ModelConfiguration`` from the metadata of a GGUF of architecture `llama`: Llama 1 to 3, Mistral, SmolLM,
/// TinyLlama and all that share their layers.
enum LlamaConfiguration {
    static let supportedArchitectures = ["llama"]

    static func read(_ file: GGUFFile) throws(ModelFileProblem) -> ModelConfiguration {
        try refuseSplit(file)
        let metadata = try ModelMetadata(file, supported: supportedArchitectures)
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
        return ModelConfiguration(
            architecture: metadata.architecture, name: name(file["general.name"]?.string ?? ""),
            layerCount: try metadata.size("block_count"), hiddenSize: hiddenSize,
            intermediateSize: try metadata.size("feed_forward_length"), headCount: headCount,
            kvHeadCount: kvHeadCount, headDim: headDim, vocabSize: try vocabSize(file),
            contextLength: try metadata.size("context_length"), rmsNormEpsilon: Float(epsilon),
            rope: try LlamaRotary.read(metadata, headDim: headDim),
            hasTiedOutputHead: file.tensor("output.weight") == nil)
    }

    private static func refuseSplit(_ file: GGUFFile) throws(ModelFileProblem) {
        if let parts = file["split.count"]?.integer, parts > 1 { throw .splitFile(parts: parts) }
    }

    /// Keys that change what a layer computes, and that this program would otherwise silently leave out.
    private static func refuseUnsupported(_ metadata: ModelMetadata) throws(ModelFileProblem) {
        if let experts = metadata.value("expert_count")?.integer, experts > 0 {
            throw .unsupportedFeature("the model is a mixture of \(experts) experts")
        }
        if let window = metadata.value("attention.sliding_window")?.integer, window > 0,
            window < (metadata.value("context_length")?.integer ?? .max)
        {
            throw .unsupportedFeature("the model attends through a sliding window of \(window) tokens")
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

    private static func headDim(
        _ metadata: ModelMetadata, hiddenSize: Int, headCount: Int
    ) throws(ModelFileProblem) -> Int {
        let keyLength = try metadata.optionalSize("attention.key_length")
        if let keyLength, let valueLength = try metadata.optionalSize("attention.value_length"),
            valueLength != keyLength
        {
            throw .unsupportedFeature("the model's keys have \(keyLength) elements and its values \(valueLength)")
        }
        if let keyLength { return keyLength }
        guard hiddenSize % headCount == 0 else {
            throw .invalidValue(
                key: metadata.key("embedding_length"),
                reason: "is \(hiddenSize), which the \(headCount) heads do not divide")
        }
        return hiddenSize / headCount
    }

    /// A name fit for a terminal: no control characters, not endless.
    private static func name(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.lazy.filter { !$0.isControl }.prefix(128)))
    }

    private static func vocabSize(_ file: GGUFFile) throws(ModelFileProblem) -> Int {
        guard let embedding = file.tensor("token_embd.weight") else { throw .missingTensor("token_embd.weight") }
        let rows = embedding.dimensions.dropFirst().reduce(1, *)
        guard rows <= ModelMetadata.largestSize else {
            throw .invalidDimensions(tensor: embedding.name, reason: "has \(rows) rows, more than any vocabulary")
        }
        return rows
    }
}

extension Unicode.Scalar {
    /// A C0 or C1 control, which a terminal might obey.
    fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
