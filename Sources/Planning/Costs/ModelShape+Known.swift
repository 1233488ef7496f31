import Tensors

extension ModelShape {
    /// A model of one type of weights throughout, its head in `headType`.
    public init(
        name: String, layerCount: Int, hiddenSize: Int, intermediateSize: Int, headCount: Int, kvHeadCount: Int,
        vocabSize: Int, type: ElementType, headType: ElementType
    ) {
        let headDim = hiddenSize / headCount
        func matrix(_ rows: Int, _ columns: Int, _ precision: MatrixShape.Precision = .plain) -> MatrixShape {
            MatrixShape(type: type, rows: rows, columns: columns, precision: precision)
        }
        let kvSize = kvHeadCount * headDim
        let matrices = [
            matrix(hiddenSize, hiddenSize, .halves), matrix(hiddenSize, hiddenSize),
            matrix(intermediateSize, hiddenSize), matrix(intermediateSize, hiddenSize),
            matrix(kvSize, hiddenSize, .remainders),
            matrix(kvSize, hiddenSize, .remainders), matrix(hiddenSize, intermediateSize, .halves),
        ]
        // Two norms in FP32.
        let layer = LayerShape(matrices: matrices, byteCount: matrices.reduce(8 * hiddenSize) { $0 + $1.byteCount })
        self.name = name
        self.hiddenSize = hiddenSize
        self.intermediateSize = intermediateSize
        self.headCount = headCount
        self.kvHeadCount = kvHeadCount
        self.headDim = headDim
        self.vocabSize = vocabSize
        rowCapacity = 128
        layers = Array(repeating: layer, count: layerCount)
        head = MatrixShape(type: headType, rows: vocabSize, columns: hiddenSize, precision: .remainders)
        embeddingBytes = MatrixShape(type: type, rows: vocabSize, columns: hiddenSize).byteCount
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
