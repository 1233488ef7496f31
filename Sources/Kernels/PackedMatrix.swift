import CKernels
import Tensors

/// A weight matrix of any type, repacked so that 16 rows lie side by side and load as one stream.
///
/// The layout is the same for all instruction sets (described in `CKernels.h`) and takes about the bytes of the file's.
/// Filled once, by any number of threads on disjoint groups, then read-only.
public struct PackedMatrix: @unchecked Sendable {
    /// Rows that are packed together: the smallest share of work.
    public static let groupRows = 16

    public let type: ElementType
    public let rows: Int
    public let columns: Int
    let view: sk_matrix
    private let memory: AlignedMemory

    /// Groups of 16 rows, the last one padded.
    public var groupCount: Int { (rows + Self.groupRows - 1) / Self.groupRows }

    /// Bytes of all groups.
    public var byteCount: Int { groupCount * view.group_bytes }

    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: view.data, count: byteCount) }

    /// Reserves memory for a matrix; it holds zeros until it is packed.
    public init(type: ElementType, rows: Int, columns: Int) throws(PackedMatrixError) {
        let byteCount = try Self.byteCount(type: type, rows: rows, columns: columns)
        let memory: AlignedMemory
        do throws(MemoryError) {
            memory = try AlignedMemory(byteCount: byteCount)
        } catch { throw .memory(error) }
        try self.init(type: type, rows: rows, columns: columns, memory: memory, offset: 0)
    }

    /// Places a matrix at `offset` (a multiple of 64) of memory that it shares with others.
    public init(
        type: ElementType, rows: Int, columns: Int, memory: AlignedMemory, offset: Int
    ) throws(PackedMatrixError) {
        let needed = try Self.byteCount(type: type, rows: rows, columns: columns)
        precondition(offset >= 0 && offset % 64 == 0 && needed <= memory.bytes.count - offset, "no room for the matrix")
        self.type = type
        self.rows = rows
        self.columns = columns
        self.memory = memory
        var view = sk_matrix_layout(type.rawValue, rows, columns)
        view.data = UnsafePointer((memory.start + offset).assumingMemoryBound(to: UInt8.self))
        self.view = view
    }

    /// Bytes that a matrix of this shape takes packed.
    ///
    /// - Throws: ``PackedMatrixError`` for shapes that no memory can hold or rows that are not whole blocks.
    public static func byteCount(type: ElementType, rows: Int, columns: Int) throws(PackedMatrixError) -> Int {
        let limit = 1 << 40
        guard rows >= 0, columns >= 0, rows <= limit, columns <= limit else { throw .shape(rows, columns) }
        guard columns % type.blockLength == 0 else { throw .partialBlocks(type, columns) }
        let group = sk_matrix_layout(type.rawValue, rows, columns).group_bytes
        let (bytes, overflow) = ((rows + groupRows - 1) / groupRows).multipliedReportingOverflow(by: group)
        guard !overflow else { throw .shape(rows, columns) }
        return bytes
    }

    /// Packs `groups` from `source`, the whole row-major matrix as a file stores it.
    public func pack(groups: Range<Int>, from source: UnsafeRawPointer) {
        precondition(groups.lowerBound >= 0 && groups.upperBound <= groupCount)
        let source = source.assumingMemoryBound(to: UInt8.self)
        withUnsafePointer(to: view) {
            for group in groups { sk_pack($0, group, source, UnsafeMutablePointer(mutating: view.data)) }
        }
    }

    /// Packs one group from `rows`, its rows alone as a file stores them.
    public func pack(group: Int, fromRows rows: UnsafeRawPointer) {
        precondition(group >= 0 && group < groupCount)
        var alone = view
        alone.rows = min(Self.groupRows, self.rows - group * Self.groupRows)
        let start = UnsafeMutablePointer(mutating: view.data) + group * view.group_bytes
        sk_pack(&alone, 0, rows.assumingMemoryBound(to: UInt8.self), start)
    }

    /// One row as floats: exactly what its quantized weights stand for, rounded once or twice.
    public func unpack(row: Int, into output: UnsafeMutablePointer<Float>) {
        precondition(row >= 0 && row < rows)
        withUnsafePointer(to: view) { sk_unpack_row($0, row, output) }
    }
}
