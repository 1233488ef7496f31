import ModelFiles
import Tensors

/// A matrix of weights, as far as it costs time and memory.
public struct MatrixShape: Sendable, Equatable, Codable {
    public var type: ElementType
    public var elementCount: Int
    public var columns: Int
    /// Whether integer weights meet each row twice, for precision: keys, values, `wDown` and the head.
    public var isFine: Bool

    public init(type: ElementType, rows: Int, columns: Int, isFine: Bool = false) {
        self.type = type
        elementCount = rows * columns
        self.columns = columns
        self.isFine = isFine && type.isQuantized
    }

    public var byteCount: Int { Int((Double(elementCount) * type.bytesPerElement).rounded()) }

    /// Rows of the multiplication for so many rows of hidden states.
    func rows(_ rows: Double) -> Double { isFine ? 2 * rows : rows }
}

extension ElementType {
    /// Stored bytes of an element, with its share of the block's scales.
    var bytesPerElement: Double { Double(blockByteCount) / Double(blockLength) }
}

/// A decoder layer, as far as it costs time and memory.
public struct LayerShape: Sendable, Equatable, Codable {
    public var matrices: [MatrixShape]
    /// Stored bytes of the layer.
    public var byteCount: Int
}

/// What of a model decides time and memory; it needs no file.
public struct ModelShape: Sendable, Equatable, Codable {
    public var name: String
    public var hiddenSize: Int
    public var intermediateSize: Int
    public var headCount: Int
    public var kvHeadCount: Int
    public var headDim: Int
    public var vocabSize: Int
    public var layers: [LayerShape]
    public var head: MatrixShape
    /// Stored bytes of the token embedding; 0 where it is the output head.
    public var embeddingBytes: Int

    public init(_ model: Model) {
        let configuration = model.configuration
        name = configuration.name
        hiddenSize = configuration.hiddenSize
        intermediateSize = configuration.intermediateSize
        headCount = configuration.headCount
        kvHeadCount = configuration.kvHeadCount
        headDim = configuration.headDim
        vocabSize = configuration.vocabSize
        layers = (0..<configuration.layerCount).map { LayerShape(model.layer($0)) }
        head = MatrixShape(model.outputHead, isFine: true)
        embeddingBytes = configuration.hasTiedOutputHead ? 0 : model.tokenEmbedding.byteCount
    }
}

extension LayerShape {
    init(_ tensors: LayerTensors) {
        let plain = [tensors.wq, tensors.wo, tensors.wGate, tensors.wUp].map { MatrixShape($0, isFine: false) }
        let fine = [tensors.wk, tensors.wv, tensors.wDown].map { MatrixShape($0, isFine: true) }
        self.init(matrices: plain + fine, byteCount: tensors.byteCount)
    }
}

extension MatrixShape {
    init(_ tensor: TensorView, isFine: Bool) {
        self.init(type: tensor.type, rows: tensor.rows, columns: tensor.columns, isFine: isFine)
    }
}
