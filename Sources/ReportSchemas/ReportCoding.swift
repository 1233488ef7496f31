import FoundationEssentials

extension JSONEncoder {
    /// For everything that the program prints as JSON: keys in snake case and in their order, on one line.
    public static var forReports: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return encoder
    }
}

extension JSONDecoder {
    /// For what ``JSONEncoder/forReports`` wrote.
    public static var forReports: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
