import ModelFiles
import Tensors

/// The first matrix of the model: one row of `hiddenSize` values for each token.
///
/// Rows are widened from the mapped file as they are asked for; nothing is kept in memory.
public struct TokenEmbedding: Sendable {
    private let tensor: TensorView

    public init(_ model: Model) {
        tensor = model.tokenEmbedding
    }

    /// Writes the embeddings of `ids` to `hidden` `[ids.count, hiddenSize]`.
    ///
    /// - Precondition: Every id is in the vocabulary.
    public func write(_ ids: ArraySlice<Int32>, to hidden: UnsafeMutablePointer<Float>) {
        let rowByteCount = tensor.storedBytesPerRow
        for (row, id) in ids.enumerated() {
            precondition(id >= 0 && id < tensor.rows, "token \(id) is not in the vocabulary")
            dequantize(
                tensor.storedType, tensor.bytes.baseAddress! + Int(id) * rowByteCount, count: tensor.columns,
                into: hidden + row * tensor.columns)
        }
    }
}
