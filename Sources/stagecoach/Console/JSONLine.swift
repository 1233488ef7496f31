import FoundationEssentials

/// Prints `value` as one line of JSON on stdout.
func printJSONLine(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    Console.print(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
}
