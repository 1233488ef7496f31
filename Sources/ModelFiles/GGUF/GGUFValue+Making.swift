/// Values made in memory, for writing.
extension GGUFValue {
    public static func uint32(_ value: UInt32) -> GGUFValue { fixed(.uint32, value) }
    public static func int32(_ value: Int32) -> GGUFValue { fixed(.int32, value) }
    public static func uint64(_ value: UInt64) -> GGUFValue { fixed(.uint64, value) }
    public static func float32(_ value: Float) -> GGUFValue { fixed(.float32, value.bitPattern) }
    public static func float64(_ value: Double) -> GGUFValue { fixed(.float64, value.bitPattern) }
    public static func bool(_ value: Bool) -> GGUFValue { fixed(.bool, UInt8(value ? 1 : 0)) }

    public static func string(_ value: String) -> GGUFValue { text(Array(value.utf8)) }

    /// A string given as bytes, which need not be well-formed UTF-8.
    public static func text(_ value: [UInt8]) -> GGUFValue {
        var encoder = GGUFEncoder()
        encoder.append(text: value)
        return GGUFValue(type: .string, bytes: encoder.bytes)
    }

    public static func texts(_ values: [[UInt8]]) -> GGUFValue { array(.string, values) { $0.append(text: $1) } }
    public static func strings(_ values: [String]) -> GGUFValue { array(.string, values) { $0.append(text: $1.utf8) } }
    public static func floats(_ values: [Float]) -> GGUFValue { array(.float32, values) { $0.append($1.bitPattern) } }
    public static func int32s(_ values: [Int32]) -> GGUFValue { array(.int32, values) { $0.append($1) } }

    /// An array of values of one type; arrays may hold arrays.
    public static func array(of type: GGUFValueType, _ values: [GGUFValue]) -> GGUFValue {
        array(type, values) { encoder, value in
            precondition(value.type == type, "an array holds values of one type")
            value.withBytes { for byte in $0 { encoder.append(byte) } }
        }
    }

    private static func fixed(_ type: GGUFValueType, _ value: some FixedWidthInteger) -> GGUFValue {
        var encoder = GGUFEncoder()
        encoder.append(value)
        return GGUFValue(type: type, bytes: encoder.bytes)
    }

    private static func array<T>(
        _ type: GGUFValueType, _ values: [T], _ append: (inout GGUFEncoder, T) -> Void
    ) -> GGUFValue {
        var encoder = GGUFEncoder()
        encoder.append(type.rawValue)
        encoder.append(UInt64(values.count))
        for value in values { append(&encoder, value) }
        return GGUFValue(type: .array, bytes: encoder.bytes)
    }
}
