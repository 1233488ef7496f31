import Tensors

/// A tensor in a mapped model file: where its elements are and how to read them.
///
/// A matrix is [rows = outputs, columns = inputs], row-major, each row whole blocks of `type`; a vector has one row.
public struct TensorView: Sendable {
    public let name: String
    public let type: ElementType
    public let rows: Int
    public let columns: Int
    public let fileRange: Range<Int>
    private let file: MappedFile

    init(_ tensor: GGUFTensor, type: ElementType, in file: MappedFile) {
        name = tensor.name
        self.type = type
        columns = tensor.dimensions[0]
        rows = tensor.dimensions.dropFirst().reduce(1, *)
        fileRange = tensor.fileRange
        self.file = file
    }

    /// The stored elements, valid while this view or its model lives.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: file.bytes[fileRange]) }

    public var elementCount: Int { rows * columns }

    /// Stored bytes.
    public var byteCount: Int { fileRange.count }

    /// Stored bytes of one row.
    public var bytesPerRow: Int { type.byteCount(of: columns) }
}

/// The weights of one decoder layer.
public struct LayerTensors: Sendable {
    /// [hiddenSize]
    public let attentionNorm: TensorView
    /// [headCount * headDim, hiddenSize]
    public let wq: TensorView
    /// [kvHeadCount * headDim, hiddenSize]
    public let wk: TensorView
    /// [kvHeadCount * headDim, hiddenSize]
    public let wv: TensorView
    /// [hiddenSize, headCount * headDim]
    public let wo: TensorView
    /// [hiddenSize]
    public let ffnNorm: TensorView
    /// [intermediateSize, hiddenSize]
    public let wGate: TensorView
    /// [intermediateSize, hiddenSize]
    public let wUp: TensorView
    /// [hiddenSize, intermediateSize]
    public let wDown: TensorView

    /// All of them, in the order in which a forward pass reads them.
    public var all: [TensorView] { [attentionNorm, wq, wk, wv, wo, ffnNorm, wGate, wUp, wDown] }

    /// Those that hidden states are multiplied with.
    public var matrices: [TensorView] { [wq, wk, wv, wo, wGate, wUp, wDown] }

    /// Stored bytes of the layer: what one token reads.
    public var byteCount: Int { all.reduce(0) { $0 + $1.byteCount } }
}
