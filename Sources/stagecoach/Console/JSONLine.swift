import FoundationEssentials

/// Values as lines of JSON.
enum JSONLine {
    /// `value` and a newline.
    static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try [UInt8](encoder.encode(value)) + [UInt8(ascii: "\n")]
    }
}

/// Prints `value` as one line of JSON on stdout.
func printJSONLine(_ value: some Encodable) throws {
    Console.print(String(decoding: try JSONLine.bytes(value), as: UTF8.self))
}
