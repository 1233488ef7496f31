/// Bytes that rank 0 has for another rank.
public struct Delivery {
    public let rank: Int
    public let byteCount: Int
    /// How many of them the rank has already: whole pieces.
    public let offset: Int
    let read: (Range<Int>, UnsafeMutableRawPointer) throws -> Void

    /// Bytes that travel, and are checked, together.
    public static let pieceByteCount = 4 << 20

    public init(
        to rank: Int, byteCount: Int, from offset: Int,
        read: @escaping (Range<Int>, UnsafeMutableRawPointer) throws -> Void
    ) {
        precondition(offset % Self.pieceByteCount == 0 || offset == byteCount, "a delivery begins with a whole piece")
        self.rank = rank
        self.byteCount = byteCount
        self.offset = offset
        self.read = read
    }

    /// The piece that begins at `position`.
    static func piece(at position: Int, of byteCount: Int) -> Range<Int> {
        position..<min(position + pieceByteCount, byteCount)
    }
}
