import Tensors

/// A tensor in a model's file: where its elements are, how to read them, and what they become in memory.
///
/// A matrix is [rows = outputs, columns = inputs], row-major, each row whole blocks of `storedType`; a vector has one row.
public struct TensorView: Sendable {
    public let name: String
    /// How the file stores the elements.
    public let storedType: ElementType
    /// What a stage computes with: the stored type, or what plain floats are quantized to as they are packed.
    public private(set) var type: ElementType
    public private(set) var rows: Int
    public let columns: Int
    public let file: RandomAccessFile
    public private(set) var fileRange: Range<Int>

    init(_ tensor: StoredTensor, type: ElementType) {
        name = tensor.name
        storedType = type
        self.type = type
        columns = tensor.dimensions[0]
        rows = tensor.dimensions.dropFirst().reduce(1, *)
        file = tensor.file
        fileRange = tensor.range
    }

    /// All stored elements: for vectors, and for tests.
    public func bytes() throws(FileReadError) -> [UInt8] { try file.bytes(fileRange) }

    /// Whether the file lacks the elements, being a slice of a model.
    public var isAbsent: Bool { fileRange.isEmpty }

    public var elementCount: Int { rows * columns }

    /// Bytes of the elements in memory: what a token reads.
    public var byteCount: Int { rows * type.byteCount(of: columns) }

    /// Bytes of one row in the file.
    public var storedBytesPerRow: Int { storedType.byteCount(of: columns) }

    /// Bytes of one row in memory.
    public var bytesPerRow: Int { type.byteCount(of: columns) }

    /// Some of a matrix's rows: a part of what a file keeps fused.
    func rows(_ range: Range<Int>) -> TensorView {
        var part = self
        part.rows = range.count
        if isAbsent { return part }
        let start = fileRange.lowerBound
        part.fileRange = start + range.lowerBound * storedBytesPerRow..<start + range.upperBound * storedBytesPerRow
        return part
    }

    /// The same tensor, to be packed as `type`, or what fits its columns. Only plain floats change, and only to what takes
    /// less memory.
    func quantized(to type: ElementType?) -> TensorView {
        guard let type, !storedType.isQuantized else { return self }
        let fitting = QuantizationChoice.fitting(type, columns: columns)
        guard fitting.byteCount(of: columns) < storedBytesPerRow else { return self }
        var view = self
        view.type = fitting
        return view
    }
}
