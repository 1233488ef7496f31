import Tensors

/// An opened, validated model file: every tensor that a forward pass needs is there, inside the file, in a known
/// element type and with the shape that the configuration asks for.
///
/// Weights stay in the mapped file until somebody reads them, so opening a model costs its header only.
public final class Model: Sendable {
    public let configuration: ModelConfiguration
    public let gguf: GGUFFile
    /// [vocabSize, hiddenSize]
    public let tokenEmbedding: TensorView
    /// [hiddenSize]
    public let outputNorm: TensorView
    /// [vocabSize, hiddenSize]; the token embedding where the model has no head of its own.
    public let outputHead: TensorView
    private let layers: [LayerTensors]

    /// Opens the GGUF at `path`.
    public init(path: String) throws(ModelFileError) {
        gguf = try GGUFFile(path: path)
        do {
            configuration = try LlamaConfiguration.read(gguf)
            var tensors = ModelTensors(gguf)
            let (vocab, hidden) = (configuration.vocabSize, configuration.hiddenSize)
            tokenEmbedding = try tensors.view("token_embd.weight", rows: vocab, columns: hidden)
            outputNorm = try tensors.view("output_norm.weight", columns: hidden)
            outputHead =
                configuration.hasTiedOutputHead
                ? tokenEmbedding : try tensors.view("output.weight", rows: vocab, columns: hidden)
            // Grows layer by layer: a header that claims a billion layers fails at the first one that is missing.
            var layers: [LayerTensors] = []
            for index in 0..<configuration.layerCount { layers.append(try tensors.layer(index, configuration)) }
            self.layers = layers
            try tensors.refuseUnused()
        } catch { throw ModelFileError(path: path, problem: error) }
    }

    public var path: String { gguf.path }

    /// The mapping that all tensors point into.
    public var file: MappedFile { gguf.file }

    /// The weights of decoder layer `index`.
    public func layer(_ index: Int) -> LayerTensors { layers[index] }
}
