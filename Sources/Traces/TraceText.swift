/// JSON as it is written to a trace, piece by piece.
struct TraceText {
    private let output: (UnsafeRawBufferPointer) throws -> Void
    private var bytes: [UInt8] = []
    private static let pieceLength = 1 << 16

    /// - Parameter output: Takes the pieces in their order.
    init(_ output: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.output = output
        bytes.reserveCapacity(2 * Self.pieceLength)
    }

    mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// What is JSON already.
    mutating func append(json text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func append(_ number: some BinaryInteger) { bytes.append(contentsOf: String(number).utf8) }

    /// A text with its quotation marks.
    mutating func append(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<32: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Nanoseconds as microseconds with three decimal places.
    mutating func append(microseconds nanoseconds: Int64) {
        let magnitude = nanoseconds.magnitude
        if nanoseconds < 0 { bytes.append(UInt8(ascii: "-")) }
        append(magnitude / 1000)
        bytes.append(UInt8(ascii: "."))
        for divisor: UInt64 in [100, 10, 1] { bytes.append(UInt8(ascii: "0") + UInt8(magnitude / divisor % 10)) }
    }

    /// Writes what is there, where it is much or `isLast`.
    mutating func flush(isLast: Bool = false) throws {
        guard isLast || bytes.count >= Self.pieceLength else { return }
        try bytes.withUnsafeBytes(output)
        bytes.removeAll(keepingCapacity: true)
    }
}
