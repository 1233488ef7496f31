/// The shape of a model and the numbers its forward pass needs. Names follow Hugging Face.
///
/// One read from a file (``Model``) is consistent: all counts are positive, `headCount` is a multiple of
/// `kvHeadCount`, and every weight has the shape that follows from it.
public struct ModelConfiguration: Sendable, Equatable, Codable {
    /// The family, as the model's files name it: `llama`.
    public var architecture: String
    /// What the model calls itself; may be empty.
    public var name: String
    public var layerCount: Int
    /// Width of the hidden states.
    public var hiddenSize: Int
    /// Width of the feed-forward network.
    public var intermediateSize: Int
    /// Query heads.
    public var headCount: Int
    /// Key and value heads; each serves `headCount / kvHeadCount` query heads.
    public var kvHeadCount: Int
    /// Elements in one head of queries or keys; not always `hiddenSize / headCount`.
    public var headDim: Int
    /// Elements in one head of values.
    public var valueDim: Int
    /// What a query's products with keys are multiplied by.
    public var scoreScale: Float
    /// Rows of the token embedding and of the output head.
    public var vocabSize: Int
    /// Positions the model was trained for.
    public var contextLength: Int
    public var rmsNormEpsilon: Float
    public var rope: RotaryConfiguration
    /// Whether the token embedding is the output head as well.
    public var hasTiedOutputHead: Bool
    /// Layers in which a token does not see all positions before it: the first window that has a layer is the layer's.
    public var windows: [LayerWindow] = []
    /// Layers whose queries and keys are not rotated by their positions.
    public var layersWithoutRotary = LayerPattern.none

    /// One whose values are as wide as its keys, and whose scores are those of the Transformer's paper.
    public init(
        architecture: String, name: String, layerCount: Int, hiddenSize: Int, intermediateSize: Int, headCount: Int,
        kvHeadCount: Int, headDim: Int, vocabSize: Int, contextLength: Int, rmsNormEpsilon: Float,
        rope: RotaryConfiguration, hasTiedOutputHead: Bool
    ) {
        self.architecture = architecture
        self.name = name
        self.layerCount = layerCount
        self.hiddenSize = hiddenSize
        self.intermediateSize = intermediateSize
        self.headCount = headCount
        self.kvHeadCount = kvHeadCount
        self.headDim = headDim
        valueDim = headDim
        scoreScale = 1 / Float(headDim).squareRoot()
        self.vocabSize = vocabSize
        self.contextLength = contextLength
        self.rmsNormEpsilon = rmsNormEpsilon
        self.rope = rope
        self.hasTiedOutputHead = hasTiedOutputHead
    }

    /// How many positions a token sees in `layer`; nil: all before it.
    public func window(of layer: Int) -> Int? { windows.first { $0.layers.contains(layer) }?.size }

    /// The most rows of a microbatch, where nobody asks for another number: enough for a matrix to be multiplied at the rate
    /// of the arithmetic and not of reading it. A matrix that only some rows need would want more.
    public var rowCapacity: Int { 128 }

    /// Elements that the KV cache keeps per token in one layer: a key and a value for each KV head.
    public var kvElementsPerTokenAndLayer: Int { kvHeadCount * (headDim + valueDim) }
}
