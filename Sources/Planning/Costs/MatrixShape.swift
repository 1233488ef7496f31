import ModelFiles
import Tensors

/// A matrix of weights, as far as it costs time and memory.
public struct MatrixShape: Sendable, Equatable, Codable {
    public var type: ElementType
    public var elementCount: Int
    public var columns: Int
    /// Rows of one column scale that a row costs where weights are integers: the finer it meets them, the more.
    public var rowCost: Double

    /// - Parameter precision: nil: rows are not quantized.
    public init(type: ElementType, rows: Int, columns: Int, precision: ActivationPrecision? = nil) {
        self.type = type
        elementCount = rows * columns
        self.columns = columns
        rowCost = type.isQuantized ? precision?.rowCost ?? 1 : 1
    }

    public var byteCount: Int { Int((Double(elementCount) * type.bytesPerElement).rounded()) }

    /// Rows of the multiplication for so many rows of hidden states.
    func rows(_ rows: Double) -> Double { rowCost * rows }
}

extension MatrixShape {
    init(_ tensor: TensorView, _ role: WeightRole) {
        self.init(
            type: tensor.type, rows: tensor.rows, columns: tensor.columns, precision: role.rule.product?.precision)
    }
}

extension ActivationPrecision {
    /// What a row costs beside one with a scale for 32 columns.
    fileprivate var rowCost: Double { hasRemainder ? 2 : scaleColumns == 16 ? 1.17 : 1 }
}

extension ElementType {
    /// Stored bytes of an element, with its share of the block's scales.
    var bytesPerElement: Double { Double(blockByteCount) / Double(blockLength) }
}
