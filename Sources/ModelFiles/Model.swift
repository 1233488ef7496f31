import Tensors
import Tokenization

/// An opened, validated model: every tensor that a forward pass needs is there, inside its file, in a known element type and
/// with the shape that the configuration asks for. It may be a GGUF file, whole or in parts, or a Hugging Face folder.
///
/// Weights stay in the files until somebody reads them, so opening a model costs its headers only.
public final class Model: Sendable {
    public let configuration: ModelConfiguration
    /// What plain floats become as they are packed; nil: they stay as they are.
    public let quantization: ElementType?
    /// [vocabSize, hiddenSize]
    public let tokenEmbedding: TensorView
    /// [hiddenSize]
    public let outputNorm: TensorView
    /// [vocabSize, hiddenSize]; the token embedding where the model has no head of its own.
    public let outputHead: TensorView
    /// Names of tensors that are in the files and change nothing.
    let leftOut: Set<String>
    let source: any ModelSource
    private let layers: [LayerTensors]

    /// Opens the model at `path`.
    public init(path: String, quantization: ElementType? = nil) throws(ModelFileError) {
        let source = try Self.open(path)
        let family = try source.family()
        let configuration = try source.configuration(family)
        do throws(ModelFileProblem) {
            try configuration.refuseHugeHeads()
            var tensors = ModelTensors(source.tensors, source.names, family, quantization: quantization)
            tokenEmbedding = try tensors.end(.tokenEmbedding, configuration)
            outputNorm = try tensors.end(.outputNorm, configuration)
            outputHead = try tensors.end(.outputHead, configuration)
            // Grows layer by layer: a header that claims a billion layers fails at the first one that is missing.
            var layers: [LayerTensors] = []
            for index in 0..<configuration.layerCount { layers.append(try tensors.layer(index, configuration)) }
            self.layers = layers
            leftOut = try tensors.leftOut(layerCount: configuration.layerCount)
        } catch { throw ModelFileError(path: path, problem: error) }
        self.source = source
        self.configuration = configuration
        self.quantization = quantization
    }

    private static func open(_ path: String) throws(ModelFileError) -> any ModelSource {
        if FileStatus.isFolder(path) { return try HuggingFaceFolder(path: path) }
        let file = try GGUFFile(path: path)
        return SliceKeys.mark(file) ? try SliceModel(file) : try GGUFModel(file)
    }

    public var path: String { source.path }

    /// The weights of decoder layer `index`.
    public func layer(_ index: Int) -> LayerTensors { layers[index] }

    /// The model's vocabulary, made anew: only the rank that tokenizes has to pay for it.
    ///
    /// - Throws: ``ModelFileProblem/noTokenizer`` where the model has none,
    ///   ``ModelFileProblem/unsupportedTokenizer(_:supported:)`` for another kind of tokenizer, and
    ///   ``ModelFileProblem/invalidTokenizer(reason:)`` where its lists do not fit together or there are
    ///   fewer tokens than rows in the embedding. A folder may have more tokens: those have no row, and no prompt may
    ///   hold them.
    public func vocabulary() throws(ModelFileError) -> Vocabulary {
        try source.tokenizer.vocabulary(count: configuration.vocabSize)
    }

    /// The Jinja source of the chat template, where the model has one.
    public var chatTemplate: String? { source.tokenizer.chatTemplate }

    /// The Jinja source of a chat template for a purpose, such as `tool_use`.
    public func namedChatTemplate(_ name: String) -> String? { source.tokenizer.chatTemplate(named: name) }

    /// How the model's makers want tokens to be chosen, where they say so.
    public func samplingDefaults() throws(ModelFileError) -> SamplingDefaults? { try source.samplingDefaults() }
}

extension ModelConfiguration {
    /// Heads so large that sums of their sizes could overflow are no model's.
    fileprivate func refuseHugeHeads() throws(ModelFileProblem) {
        for width in [headDim, valueDim] {
            let (size, overflow) = headCount.multipliedReportingOverflow(by: width)
            guard !overflow, size <= ModelMetadata.largestSize else {
                throw .unsupportedFeature("the model has \(headCount) heads of \(width) elements")
            }
        }
    }
}
