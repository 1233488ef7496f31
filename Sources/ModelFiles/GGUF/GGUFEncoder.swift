import Tensors

/// Appends GGUF's little-endian encodings to a byte array.
struct GGUFEncoder {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(text: some Collection<UInt8>) {
        append(UInt64(text.count))
        bytes.append(contentsOf: text)
    }

    mutating func append(preamble tensorCount: Int, _ keyCount: Int) {
        bytes.append(contentsOf: GGUFLimits.magic)
        append(GGUFLimits.versions.upperBound)
        append(UInt64(tensorCount))
        append(UInt64(keyCount))
    }

    mutating func append(key: String, _ value: GGUFValue) {
        append(text: key.utf8)
        append(value.type.rawValue)
        value.withBytes { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ tensor: GGUFTensorPlan, offset: UInt64) {
        append(text: tensor.name.utf8)
        append(UInt32(tensor.dimensions.count))
        for size in tensor.dimensions { append(UInt64(size)) }
        append(tensor.type.rawValue)
        append(offset)
    }
}
