/// Where the blocks of one layer and KV head are: block b of the sequence at `start + table[b] * stride` bytes; without a
/// table they lie in order.
public struct KVBlocks {
    public var start: UnsafeMutableRawPointer
    public var stride: Int
    public var table: UnsafePointer<Int32>?

    public init(start: UnsafeMutableRawPointer, stride: Int, table: UnsafePointer<Int32>? = nil) {
        self.start = start
        self.stride = stride
        self.table = table
    }

    /// The first byte of block `index`.
    @inline(__always)
    public subscript(index: Int) -> UnsafeMutableRawPointer {
        start + (table.map { Int($0[index]) } ?? index) * stride
    }
}
