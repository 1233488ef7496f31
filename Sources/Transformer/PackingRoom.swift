import Kernels
import ModelFiles
import Tensors

/// Where a thread keeps the group of rows that it packs: as stored and, where they are quantized on the way, one row as floats
/// and the group as it becomes.
struct PackingRoom {
    private let storedByteCount: Int
    private let floatByteCount: Int
    let byteCount: Int

    init(_ tensor: TensorView) {
        let rows = min(PackedMatrix.groupRows, tensor.rows)
        storedByteCount = (rows * tensor.storedBytesPerRow).roundedUp(to: 4096)
        guard tensor.type != tensor.storedType else {
            (floatByteCount, byteCount) = (0, storedByteCount)
            return
        }
        floatByteCount = (tensor.columns * MemoryLayout<Float>.stride).roundedUp(to: 64)
        byteCount = (storedByteCount + floatByteCount + rows * tensor.bytesPerRow).roundedUp(to: 4096)
    }

    /// Reads the rows of `group` and returns where they stand, in the type that they are computed with.
    func read(
        _ group: Int, of tensor: TensorView, at place: UnsafeMutableRawPointer
    ) throws(FileReadError) -> UnsafeRawPointer {
        let first = group * PackedMatrix.groupRows
        let count = min(PackedMatrix.groupRows, tensor.rows - first)
        let start = tensor.fileRange.lowerBound + first * tensor.storedBytesPerRow
        try tensor.file.read(start..<start + count * tensor.storedBytesPerRow, into: place)
        guard tensor.type != tensor.storedType else { return UnsafeRawPointer(place) }
        let floats = (place + storedByteCount).assumingMemoryBound(to: Float.self)
        let quantized = place + storedByteCount + floatByteCount
        for row in 0..<count {
            dequantize(
                tensor.storedType, place + row * tensor.storedBytesPerRow, count: tensor.columns, into: floats)
            quantize(tensor.type, floats, count: tensor.columns, into: quantized + row * tensor.bytesPerRow)
        }
        return UnsafeRawPointer(quantized)
    }
}
