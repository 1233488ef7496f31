import ModelFiles
import Tensors

/// A matrix of weights, as far as it costs time and memory.
public struct MatrixShape: Sendable, Equatable, Codable {
    public var type: ElementType
    public var elementCount: Int
    public var columns: Int
    /// What a row costs where weights are integers.
    public var precision: Precision

    /// How finely rows meet integer weights, which costs arithmetic.
    public enum Precision: Double, Sendable, Codable {
        /// A scale for 32 columns.
        case plain = 1
        /// A scale for 16: queries, and `wDown`.
        case halves = 1.17
        /// A second row for what quantizing the first left: keys, values and the head.
        case remainders = 2
    }

    public init(type: ElementType, rows: Int, columns: Int, precision: Precision = .plain) {
        self.type = type
        elementCount = rows * columns
        self.columns = columns
        self.precision = type.isQuantized ? precision : .plain
    }

    public var byteCount: Int { Int((Double(elementCount) * type.bytesPerElement).rounded()) }

    /// Rows of the multiplication for so many rows of hidden states.
    func rows(_ rows: Double) -> Double { precision.rawValue * rows }
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
    /// The most rows of a microbatch, where nobody asks for another number.
    public var rowCapacity: Int
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
        rowCapacity = configuration.rowCapacity
        layers = (0..<configuration.layerCount).map { LayerShape(model.layer($0)) }
        head = MatrixShape(model.outputHead, .remainders)
        embeddingBytes = configuration.hasTiedOutputHead ? 0 : model.tokenEmbedding.byteCount
    }
}

extension LayerShape {
    init(_ tensors: LayerTensors) {
        let plain = [tensors.wo, tensors.wGate, tensors.wUp].map { MatrixShape($0, .plain) }
        let halves = [tensors.wq, tensors.wDown].map { MatrixShape($0, .halves) }
        let remainders = [tensors.wk, tensors.wv].map { MatrixShape($0, .remainders) }
        self.init(matrices: plain + halves + remainders, byteCount: tensors.byteCount)
    }
}

extension MatrixShape {
    init(_ tensor: TensorView, _ precision: Precision) {
        self.init(type: tensor.type, rows: tensor.rows, columns: tensor.columns, precision: precision)
    }
}
