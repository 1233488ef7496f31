import ModelFiles
import Tensors

extension ModelShape {
    /// A model of one type of weights throughout, its head in `headType`.
    public init(
        name: String, layerCount: Int, hiddenSize: Int, intermediateSize: Int, headCount: Int, kvHeadCount: Int,
        vocabSize: Int, type: ElementType, headType: ElementType
    ) {
        let headDim = hiddenSize / headCount
        let configuration = ModelConfiguration(
            architecture: "llama", name: name, layerCount: layerCount, hiddenSize: hiddenSize,
            intermediateSize: intermediateSize, headCount: headCount, kvHeadCount: kvHeadCount, headDim: headDim,
            vocabSize: vocabSize, contextLength: 1 << 24, rmsNormEpsilon: 1e-5,
            rope: RotaryConfiguration(theta: 10_000, dimensionCount: headDim, pairing: .adjacent),
            hasTiedOutputHead: false)
        self.init(configuration, type: type, headType: headType)
    }

    /// Shapes that everybody knows, for plans without a file, by the names of ``knownNames``; quantized ones have their
    /// head in Q6_K, as llama.cpp writes them. nil for other names.
    public init?(known name: String, type: ElementType) {
        guard let (layers, hidden, ffn, heads, kvHeads, vocab) = Self.known[name] else { return nil }
        let headType: ElementType = type.isQuantized && type != .q8_0 ? .q6_K : type
        self.init(
            name: name, layerCount: layers, hiddenSize: hidden, intermediateSize: ffn, headCount: heads,
            kvHeadCount: kvHeads, vocabSize: vocab, type: type, headType: headType)
    }

    public static var knownNames: [String] { known.keys.sorted() }

    /// Layers, hidden size, intermediate size, heads, KV heads, vocabulary.
    private static let known: [String: (Int, Int, Int, Int, Int, Int)] = [
        "tinyllama-1.1b": (22, 2048, 5632, 32, 4, 32000),
        "llama-2-7b": (32, 4096, 11008, 32, 32, 32000),
        "llama-2-13b": (40, 5120, 13824, 40, 40, 32000),
        "llama-2-70b": (80, 8192, 28672, 64, 8, 32000),
        "llama-3.1-8b": (32, 4096, 14336, 32, 8, 128256),
        "llama-3.1-70b": (80, 8192, 28672, 64, 8, 128256),
        "llama-3.1-405b": (126, 16384, 53248, 128, 8, 128256),
    ]
}
