import CKernels
import Tensors

/// A reusable buffer of activation rows quantized to int8, 32 or 16 columns to an FP32 scale.
///
/// Rows are filled by any number of threads, each its own, and read by all after a barrier.
public struct Activations: @unchecked Sendable {
    public let rowCapacity: Int
    public let columnCapacity: Int

    /// The shape in use: at most the capacities.
    public private(set) var rows: Int
    public private(set) var columns: Int

    /// Columns that share a scale: 32, or 16, which halves the error for about a sixth more time of prefill.
    public var scaleColumns: Int { view.scale_columns }

    var view: sk_activations
    private let memory: AlignedMemory

    /// A buffer for `rowCapacity` rows of `columnCapacity` columns (a multiple of 32), shaped to its capacities.
    public init(rowCapacity: Int, columnCapacity: Int, scaleColumns: Int = SK_BLOCK_COLUMNS) throws(MemoryError) {
        precondition(columnCapacity % SK_BLOCK_COLUMNS == 0 && rowCapacity >= 0)
        precondition(scaleColumns == SK_BLOCK_COLUMNS || scaleColumns == SK_HALF_COLUMNS)
        self.rowCapacity = rowCapacity
        self.columnCapacity = columnCapacity
        // One cache line more than the columns: rows at the same column must not share the sets of a cache.
        let quantBytes = rowCapacity * Self.quantStride(columnCapacity)
        let blockBytes = rowCapacity * Self.blockStride(columnCapacity) * MemoryLayout<sk_block>.stride
        memory = try AlignedMemory(byteCount: quantBytes + blockBytes)
        view = sk_activations(
            quants: memory.start.assumingMemoryBound(to: Int8.self),
            blocks: (memory.start + quantBytes).assumingMemoryBound(to: sk_block.self),
            quant_stride: 0, block_stride: 0, scale_columns: scaleColumns)
        rows = rowCapacity
        columns = columnCapacity
        reshape(rows: rowCapacity, columns: columnCapacity)
    }

    /// Gives the buffer another shape within its capacity; what it held is lost.
    public mutating func reshape(rows: Int, columns: Int) {
        precondition(rows <= rowCapacity && columns <= columnCapacity && columns % 32 == 0, "shape beyond capacity")
        self.rows = rows
        self.columns = columns
        view.quant_stride = Self.quantStride(columns)
        view.block_stride = Self.blockStride(columns)
    }

    /// Quantizes `columns` floats at `x` into row `row`.
    @inline(__always)
    public func quantize(_ x: UnsafePointer<Float>, row: Int, with kernels: KernelSet) {
        quantize(x, row: row, columns: 0..<columns, with: kernels)
    }

    /// Quantizes some of the columns of a row of floats at `x`, whole blocks of 32, into row `row`.
    @inline(__always)
    public func quantize(_ x: UnsafePointer<Float>, row: Int, columns: Range<Int>, with kernels: KernelSet) {
        let (first, count) = (columns.lowerBound, columns.count)
        assert(row < rows && first % SK_BLOCK_COLUMNS == 0 && count % SK_BLOCK_COLUMNS == 0)
        kernels.table.pointee.quantize(
            x + first, count, view.scale_columns, view.quants + row * view.quant_stride + first,
            view.blocks + row * view.block_stride + first / SK_BLOCK_COLUMNS)
    }

    /// Quantizes what quantizing `x` into row `row` left of it into row `remainder`.
    ///
    /// Both rows together stand for `x` to 15 bits: a product with each, added, is nearly that with the floats.
    ///
    /// - Parameter scratch: `columns` floats that are overwritten.
    @inline(__always)
    public func quantizeRemainder(
        of x: UnsafePointer<Float>, row: Int, into remainder: Int, scratch: UnsafeMutablePointer<Float>,
        with kernels: KernelSet
    ) {
        quantizeRemainder(
            of: x, row: row, into: remainder, columns: 0..<columns, scratch: scratch, with: kernels)
    }

    /// The same for some of the columns, whole blocks of 32; `x` and `scratch` are whole rows.
    @inline(__always)
    public func quantizeRemainder(
        of x: UnsafePointer<Float>, row: Int, into remainder: Int, columns: Range<Int>,
        scratch: UnsafeMutablePointer<Float>, with kernels: KernelSet
    ) {
        let first = columns.lowerBound
        kernels.table.pointee.remainder(
            x + first, columns.count, view.quants + row * view.quant_stride + first,
            view.blocks + row * view.block_stride + first / SK_BLOCK_COLUMNS, scratch + first)
        quantize(scratch, row: remainder, columns: columns, with: kernels)
    }

    private static func quantStride(_ columns: Int) -> Int { (columns + 63) / 64 * 64 + 64 }
    private static func blockStride(_ columns: Int) -> Int { (columns / 32 + 3) / 4 * 4 + 4 }
}
