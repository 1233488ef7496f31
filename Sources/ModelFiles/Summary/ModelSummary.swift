import Tensors

/// What `stagecoach inspect` tells about a model: plain numbers, and the same as lines of text.
public struct ModelSummary: Sendable, Encodable {
    public let path: String
    public let fileBytes: Int
    public let name: String
    public let architecture: String
    public let parameterCount: Int
    public let layerCount: Int
    public let hiddenSize: Int
    public let intermediateSize: Int
    public let headCount: Int
    public let kvHeadCount: Int
    public let headDim: Int
    public let vocabSize: Int
    public let contextLength: Int
    public let rotary: String
    /// Positions that a token sees in the first layers that have a window; nil: all.
    public let slidingWindow: Int?
    public let rmsNormEpsilon: Float
    public let hasTiedOutputHead: Bool
    /// Element types with what is stored in them, most bytes first.
    public let types: [TypeShare]
    /// What is odd about the files.
    public let notes: [String]
    /// Bytes of each decoder layer in memory.
    public let layerBytes: [Int]
    public let tokenEmbeddingBytes: Int
    /// What the output head adds; 0 where the token embedding serves as the head.
    public let outputHeadBytes: Int
    /// What one token's keys and values take in all layers with an F16 cache.
    public let kvBytesPerToken: Int
    public let tokenizer: TokenizerSummary

    /// How much of a model is stored in one element type.
    public struct TypeShare: Sendable, Encodable {
        public let type: String
        public let tensors: Int
        public let parameters: Int
        public let bytes: Int
    }

    public init(_ model: Model) {
        let configuration = model.configuration
        path = model.path
        fileBytes = model.source.byteCount
        name = configuration.name
        architecture = configuration.architecture
        parameterCount = model.source.tensors.all.reduce(0) { $0 + $1.elementCount }
        layerCount = configuration.layerCount
        hiddenSize = configuration.hiddenSize
        intermediateSize = configuration.intermediateSize
        headCount = configuration.headCount
        kvHeadCount = configuration.kvHeadCount
        headDim = configuration.headDim
        vocabSize = configuration.vocabSize
        contextLength = configuration.contextLength
        rotary = Self.describe(configuration.rope)
        slidingWindow = configuration.windows.first?.size
        rmsNormEpsilon = configuration.rmsNormEpsilon
        hasTiedOutputHead = configuration.hasTiedOutputHead
        types = Self.shares(of: model.source.tensors.all)
        notes = model.notes
        layerBytes = (0..<configuration.layerCount).map { model.layer($0).byteCount }
        tokenEmbeddingBytes = model.tokenEmbedding.byteCount
        outputHeadBytes = configuration.hasTiedOutputHead ? 0 : model.outputHead.byteCount
        kvBytesPerToken = 2 * configuration.kvElementsPerTokenAndLayer * configuration.layerCount
        tokenizer = model.source.tokenizer.summary
    }

    private static func shares(of tensors: [StoredTensor]) -> [TypeShare] {
        Dictionary(grouping: tensors, by: \.typeName).map { type, tensors in
            TypeShare(
                type: type, tensors: tensors.count, parameters: tensors.reduce(0) { $0 + $1.elementCount },
                bytes: tensors.reduce(0) { $0 + $1.range.count })
        }.sorted { ($0.bytes, $1.type) > ($1.bytes, $0.type) }
    }

    private static func describe(_ rope: RotaryConfiguration) -> String {
        var text = "theta \(rope.theta.shortest), \(rope.dimensionCount) elements per head, "
        text += "\(rope.pairing.rawValue) pairs"
        switch rope.scaling {
        case .none: break
        case .linear(let factor): text += ", positions divided by \(factor.shortest)"
        case .llama3(let scaling):
            text += ", Llama 3 scaling by \(scaling.factor.shortest) from \(scaling.originalContextLength) tokens"
        case .yarn(let scaling):
            text += ", YaRN scaling by \(scaling.factor.shortest) from \(scaling.originalContextLength) tokens"
        case .longRoPE(let scaling):
            text += ", LongRoPE, other factors where --context is over \(scaling.originalContextLength)"
        }
        if rope.frequencyFactors != nil { text += ", own frequency factors" }
        return text
    }
}
