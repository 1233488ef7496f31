import Tensors

/// A hash of bytes that come piece by piece: the hashes of the pieces, hashed.
public struct PieceHash {
    private var hash = FNV1a()

    public init() {}

    public mutating func combine(_ piece: UnsafeRawBufferPointer) {
        var inner = FNV1a()
        inner.combine(UInt64(piece.count))
        inner.combine(piece)
        hash.combine(inner.hash)
    }

    public var value: UInt64 { hash.hash }
}
