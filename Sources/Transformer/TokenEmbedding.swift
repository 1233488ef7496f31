import ModelFiles
import Tensors

/// The first matrix of the model: one row of `hiddenSize` values for each token.
///
/// Rows are read from the file and widened as they are asked for; one of them is kept in memory. The file must stay as it is:
/// unlike all other weights, these are not read once and for all.
public struct TokenEmbedding: Sendable {
    private let tensor: TensorView
    /// One row as stored.
    private let stored: AlignedMemory

    public init(_ model: Model) throws(MemoryError) {
        tensor = model.tokenEmbedding
        stored = try AlignedMemory(byteCount: tensor.storedBytesPerRow)
    }

    /// Writes the embeddings of `ids` to `hidden` `[ids.count, hiddenSize]`. One thread at a time.
    ///
    /// - Precondition: Every id is in the vocabulary.
    /// - Throws: Where the file cannot be read, or was written to since it was opened.
    public func write(
        _ ids: ArraySlice<Int32>, to hidden: UnsafeMutablePointer<Float>
    ) throws(FileReadError) {
        for (row, id) in ids.enumerated() {
            precondition(id >= 0 && id < tensor.rows, "token \(id) is not in the vocabulary")
            let start = tensor.fileRange.lowerBound + Int(id) * tensor.storedBytesPerRow
            try tensor.file.read(start..<start + tensor.storedBytesPerRow, into: stored.start)
            dequantize(
                tensor.storedType, stored.start, count: tensor.columns, into: hidden + row * tensor.columns)
        }
        try tensor.file.refuseChanges()
    }
}
