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

/// Names of element types that exist but are not supported, for error messages.
enum GGMLTypeNames {
    static func name(of number: UInt32) -> String { names[number] ?? "type number \(number)" }

    private static let names: [UInt32: String] = [
        9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
        20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64",
        29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
    ]
}
