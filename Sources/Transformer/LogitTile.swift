/// The logits of some rows, which lie where the next tile's will: valid until that is computed.
public struct LogitTile {
    private let start: UnsafePointer<Float>
    private let vocabSize: Int
    private let stride: Int

    /// - Parameters:
    ///   - start: The first row's logits `[vocabSize]`.
    ///   - stride: From one row to the next; 0 where all rows have the same.
    public init(_ start: UnsafePointer<Float>, vocabSize: Int, stride: Int) {
        self.start = start
        self.vocabSize = vocabSize
        self.stride = stride
    }

    /// The logits `[vocabSize]` of a row, counted from the tile's first.
    public subscript(row: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: start + row * stride, count: vocabSize)
    }
}
