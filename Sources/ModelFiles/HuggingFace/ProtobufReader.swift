/// Steps through the fields of a Protocol Buffers message; every length is checked before it is used.
///
/// <https://protobuf.dev/programming-guides/encoding/>
struct ProtobufReader {
    enum Value {
        case integer(UInt64)
        case fixed32(UInt32)
        case bytes(UnsafeRawBufferPointer)
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next field's number and value; nil at the end.
    mutating func next() throws(ModelFileProblem) -> (field: Int, value: Value)? {
        guard position < bytes.count else { return nil }
        let key = try varint()
        let field = Int(truncatingIfNeeded: key >> 3)
        switch key & 7 {
        case 0: return (field, .integer(try varint()))
        case 1: return (field, .integer(GGUFValue.load(UInt64.self, try take(8), 0)))
        case 2:
            let length = try varint()
            guard length <= UInt64(bytes.count - position) else { throw Self.damaged }
            return (field, .bytes(try take(Int(length))))
        case 5: return (field, .fixed32(GGUFValue.load(UInt32.self, try take(4), 0)))
        default: throw Self.damaged
        }
    }

    private mutating func varint() throws(ModelFileProblem) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let byte = try take(1)[0]
            if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
            if byte & 0x80 == 0 { return value }
        }
        throw Self.damaged
    }

    private mutating func take(_ count: Int) throws(ModelFileProblem) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - position else { throw Self.damaged }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    private static let damaged = ModelFileProblem.invalidTokenizer(
        reason: "the file is no SentencePiece model or is damaged")
}
