import Tensors

/// One entry of a file's tensor table, checked against the file's size.
public struct GGUFTensor: Sendable, Equatable {
    public let name: String
    /// Sizes with the fastest-running dimension (the columns of a matrix) first; one to four, all positive.
    public let dimensions: [Int]
    /// GGML's number for the element type.
    public let typeNumber: UInt32
    /// Where the elements are in the file; empty at their start where the type is unknown.
    public let fileRange: Range<Int>

    /// The element type, nil where this program does not know it.
    public var type: ElementType? { ElementType(rawValue: typeNumber) }

    /// The product of the dimensions.
    public var elementCount: Int { dimensions.reduce(1, *) }

    /// The type's name as people know it, also for types that this program cannot use.
    public var typeName: String { type?.name ?? GGMLTypeNames.name(of: typeNumber) }
}
