import CKernels
import Tensors

/// Units of columns: those that a packed matrix keeps together, 32, or 256 where eight blocks share a scale. A product's share
/// of one unit can be computed again, for what quantizing its activations left of them.
extension PackedMatrix {
    /// Columns of a unit of a quantized matrix.
    public var unitColumns: Int { type.blockLength }
}

/// Where a thread works on one unit of one row. The memory is its owner's.
public struct UnitRoom: @unchecked Sendable {
    /// Bytes that it takes; they begin at a multiple of 64.
    public static let byteCount = 4 * columns + columns + 32 * (columns / 32) + 4 * rows

    /// Columns of the widest unit.
    private static let columns = 256
    /// Rows of a matrix that are multiplied at once.
    fileprivate static let rows = 1024

    fileprivate let floats: UnsafeMutablePointer<Float>
    fileprivate let quants: UnsafeMutablePointer<Int8>
    fileprivate let blocks: UnsafeMutablePointer<sk_block>
    fileprivate let product: UnsafeMutablePointer<Float>

    public init(_ memory: UnsafeMutableRawPointer) {
        assert(MemoryLayout<sk_block>.stride == 32)
        floats = memory.assumingMemoryBound(to: Float.self)
        product = floats + Self.columns
        blocks = UnsafeMutableRawPointer(product + Self.rows).assumingMemoryBound(to: sk_block.self)
        quants = UnsafeMutableRawPointer(blocks + Self.columns / 32).assumingMemoryBound(to: Int8.self)
    }
}

extension KernelSet {
    /// How far each block of 32 columns of a quantized row reaches: the scale of its largest element, for `columns` of row `row`.
    @inline(__always)
    public func reaches(
        of activations: borrowing Activations, row: Int, columns: Range<Int>, into out: UnsafeMutablePointer<Float>
    ) {
        let blocks = activations.view.blocks + row * activations.view.block_stride
        table.pointee.reaches(blocks + columns.lowerBound / SK_BLOCK_COLUMNS, columns.count / SK_BLOCK_COLUMNS, out)
    }

    /// The largest square of `count` floats, and the sum of all.
    @inline(__always)
    public func squares(_ x: UnsafePointer<Float>, count: Int) -> (largest: Float, sum: Float) {
        var result: (largest: Float, sum: Float) = (0, 0)
        table.pointee.squares(x, count, &result.largest, &result.sum)
        return result
    }

    /// Adds to `output`, for the matrix's rows of `groups`, their products with what quantizing left of the columns of `unit`
    /// of a row: it is quantized too, with the row's kind of scales.
    ///
    /// - Parameters:
    ///   - x: the row, as floats.
    ///   - row: where it is in `activations`.
    public func addRemainder(
        of x: UnsafePointer<Float>, row: Int, in activations: borrowing Activations, unit: Int,
        times matrix: borrowing PackedMatrix, groups: Range<Int>, to output: UnsafeMutablePointer<Float>, room: UnitRoom
    ) {
        let count = matrix.unitColumns
        let first = unit * count
        let view = activations.view
        table.pointee.remainder(
            x + first, count, view.quants + row * view.quant_stride + first,
            view.blocks + row * view.block_stride + first / SK_BLOCK_COLUMNS, room.floats)
        table.pointee.quantize(room.floats, count, view.scale_columns, room.quants, room.blocks)
        var remainder = sk_activations(
            quants: room.quants, blocks: room.blocks, quant_stride: count, block_stride: count / SK_BLOCK_COLUMNS,
            scale_columns: view.scale_columns)
        var whole = matrix.view
        let step = UnitRoom.rows / PackedMatrix.groupRows
        for group in stride(from: groups.lowerBound, to: groups.upperBound, by: step) {
            let groupCount = min(step, groups.upperBound - group)
            var part = sk_matrix_unit(&whole, group, groupCount, unit)
            table.pointee.multiply(&part, 0, groupCount, &remainder, 1, room.product, UnitRoom.rows)
            table.pointee.add(output + group * PackedMatrix.groupRows, room.product, part.rows)
        }
    }
}
