import Tensors

/// One metadata value: its type and its bytes as GGUF stores them, among those of a file's header or on their own.
///
/// Nothing is decoded until asked for, so opening a file costs no memory per value, and a value can be copied from
/// one file into another as it is. Accessors return nil when the value is of another type.
public struct GGUFValue: Sendable {
    public let type: GGUFValueType
    private let storage: Storage

    private enum Storage: Sendable {
        case header(AlignedMemory, Range<Int>)
        case owned([UInt8])
    }

    /// A value inside a header; `range` has been walked by ``GGUFCursor/value(_:key:depth:)``.
    init(type: GGUFValueType, in header: AlignedMemory, range: Range<Int>) {
        self.type = type
        storage = .header(header, range)
    }

    init(type: GGUFValueType, bytes: [UInt8]) {
        self.type = type
        storage = .owned(bytes)
    }

    /// Calls `body` with the encoded value, without its type number.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        switch storage {
        case .header(let header, let range): body(UnsafeRawBufferPointer(rebasing: header.bytes[range]))
        case .owned(let bytes): bytes.withUnsafeBytes(body)
        }
    }

    /// An integer of any width, where `Int` can hold it.
    public var integer: Int? { withBytes { Self.integer(type, $0, at: 0) } }

    /// A floating-point number or an integer.
    public var number: Double? { withBytes { Self.number(type, $0, at: 0) } }

    public var bool: Bool? { type == .bool ? withBytes { $0[0] != 0 } : nil }

    /// The bytes of a string, which may be malformed UTF-8.
    public var text: [UInt8]? { type == .string ? withBytes { Array($0.dropFirst(8)) } : nil }

    /// A string, malformed UTF-8 repaired.
    public var string: String? { text.map { String(decoding: $0, as: UTF8.self) } }

    static func integer(_ type: GGUFValueType, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? {
        switch type {
        case .uint8: Int(bytes[offset])
        case .int8: Int(Int8(bitPattern: bytes[offset]))
        case .uint16: Int(load(UInt16.self, bytes, offset))
        case .int16: Int(load(Int16.self, bytes, offset))
        case .uint32: Int(load(UInt32.self, bytes, offset))
        case .int32: Int(load(Int32.self, bytes, offset))
        case .uint64: Int(exactly: load(UInt64.self, bytes, offset))
        case .int64: Int(exactly: load(Int64.self, bytes, offset))
        case .float32, .float64, .bool, .string, .array: nil
        }
    }

    static func number(_ type: GGUFValueType, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double? {
        switch type {
        case .float32: Double(Float(bitPattern: load(UInt32.self, bytes, offset)))
        case .float64: Double(bitPattern: load(UInt64.self, bytes, offset))
        default: integer(type, bytes, at: offset).map(Double.init)
        }
    }

    static func load<T: FixedWidthInteger>(_ type: T.Type, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> T {
        T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}
