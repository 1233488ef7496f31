import FoundationEssentials

extension Encodable {
    /// The value as JSON on one line, with keys in snake case and sorted.
    public func snakeCaseJSON() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try [UInt8](encoder.encode(self))
    }
}
