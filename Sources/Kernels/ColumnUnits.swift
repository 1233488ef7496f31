import CKernels
import Tensors

/// Units of columns: those that a packed matrix keeps together, 32, or 256 where eight blocks share a scale. A product's share
/// of one unit can be computed again, for what quantizing its activations left of them.
extension PackedMatrix {
    /// Columns of a unit of a quantized matrix.
    public var unitColumns: Int { type.blockLength }
}

/// Where a thread works on one unit of some rows. The memory is its owner's.
public struct UnitRoom: @unchecked Sendable {
    /// How many rows share a reading of the weights.
    public static let rowCapacity = 16
    /// Bytes that it takes; they begin at a multiple of 64.
    public static let byteCount = 4 * columns + rowCapacity * (4 * products + 32 * (columns / 32) + columns)

    /// Columns of the widest unit.
    private static let columns = 256
    /// Rows of a matrix that are multiplied at once.
    fileprivate static let products = 1024

    fileprivate let floats: UnsafeMutablePointer<Float>
    fileprivate let output: UnsafeMutablePointer<Float>
    fileprivate let blocks: UnsafeMutablePointer<sk_block>
    fileprivate let quants: UnsafeMutablePointer<Int8>

    public init(_ memory: UnsafeMutableRawPointer) {
        assert(MemoryLayout<sk_block>.stride == 32)
        floats = memory.assumingMemoryBound(to: Float.self)
        output = floats + Self.columns
        blocks = UnsafeMutableRawPointer(output + Self.rowCapacity * Self.products)
            .assumingMemoryBound(to: sk_block.self)
        quants = UnsafeMutableRawPointer(blocks + Self.rowCapacity * (Self.columns / 32))
            .assumingMemoryBound(to: Int8.self)
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

    /// Adds to rows of a product, for the matrix's rows of `groups`, the products with what quantizing left of the columns of
    /// `unit`: it is quantized too, with the rows' kind of scales.
    ///
    /// - Parameters:
    ///   - rows: up to ``UnitRoom/rowCapacity`` rows of `x` `[rows, columns]` and of `output` `[rows, outputStride]`.
    ///   - firstRow: where row 0 is in `activations`.
    public func addRemainders(
        of rows: UnsafeBufferPointer<Int>, _ x: UnsafePointer<Float>, in activations: borrowing Activations,
        firstRow: Int, unit: Int, times matrix: borrowing PackedMatrix, groups: Range<Int>,
        to output: UnsafeMutablePointer<Float>, outputStride: Int, room: UnitRoom
    ) {
        let count = matrix.unitColumns
        let (first, blockCount) = (unit * count, count / SK_BLOCK_COLUMNS)
        let view = activations.view
        for (place, row) in rows.enumerated() {
            table.pointee.remainder(
                x + row * matrix.columns + first, count, view.quants + (firstRow + row) * view.quant_stride + first,
                view.blocks + (firstRow + row) * view.block_stride + first / SK_BLOCK_COLUMNS, room.floats)
            table.pointee.quantize(
                room.floats, count, view.scale_columns, room.quants + place * count, room.blocks + place * blockCount)
        }
        var remainders = sk_activations(
            quants: room.quants, blocks: room.blocks, quant_stride: count, block_stride: blockCount,
            scale_columns: view.scale_columns)
        var whole = matrix.view
        let step = UnitRoom.products / PackedMatrix.groupRows
        for group in stride(from: groups.lowerBound, to: groups.upperBound, by: step) {
            let groupCount = min(step, groups.upperBound - group)
            var part = sk_matrix_unit(&whole, group, groupCount, unit)
            table.pointee.multiply(&part, 0, groupCount, &remainders, rows.count, room.output, UnitRoom.products)
            for (place, row) in rows.enumerated() {
                table.pointee.add(
                    output + row * outputStride + group * PackedMatrix.groupRows,
                    room.output + place * UnitRoom.products, part.rows)
            }
        }
    }
}
