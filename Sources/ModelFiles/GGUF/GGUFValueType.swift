/// The types of metadata values, with the numbers that GGUF gives them.
public enum GGUFValueType: UInt32, Sendable, CaseIterable {
    case uint8 = 0
    case int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    /// Bytes of one value; 0 for strings and arrays, whose size varies.
    var fixedSize: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: 0
        }
    }

    /// The fewest bytes one value takes: an empty string is its length, an empty array its element type and count.
    var smallestSize: Int {
        switch self {
        case .string: 8
        case .array: 12
        default: fixedSize
        }
    }
}
