/// What a GGUF file may contain at most, for the reader and the writer alike. From the GGUF specification where it
/// gives a number; the others are far beyond every known model.
enum GGUFLimits {
    static let magic: [UInt8] = [0x47, 0x47, 0x55, 0x46]
    static let versions: ClosedRange<UInt32> = 2...3
    static let keyLength = 65_535
    static let tensorNameLength = 64
    static let dimensionCount = 4
    static let arrayDepth = 4
    static let defaultAlignment = 32
    static let smallestAlignment = 8
    static let largestAlignment = 1 << 24
    /// Of everything before the tensors.
    static let headerByteCount = 1 << 28

    static func isValidAlignment(_ value: Int) -> Bool {
        (smallestAlignment...largestAlignment).contains(value) && value & (value - 1) == 0
    }

    /// Why `name` cannot name a key or a tensor; nil when it can.
    static func problem(inName name: UnsafeRawBufferPointer, longest: Int) -> String? {
        if name.isEmpty { return "has an empty name" }
        if name.count > longest { return "has a name of \(name.count) bytes, more than the \(longest) allowed" }
        if !name.allSatisfy({ (0x20...0x7E).contains($0) }) { return "has a name that is not printable ASCII" }
        return nil
    }
}
