import FoundationEssentials

/// The fields of a JSON object in a request: all optional, null as good as absent, unknown ones left alone, and where one
/// is of another kind the error says which and what it must be.
struct RequestFields {
    private let container: KeyedDecodingContainer<Name>
    /// What stands before a field's name where it is not at the top: `messages[2].`
    private let path: String

    struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(_ decoder: any Decoder, path: String = "") throws(APIError) {
        do { container = try decoder.container(keyedBy: Name.self) } catch {
            let place = path.isEmpty ? "the request's body" : String(path.dropLast())
            throw APIError(.badRequest, "\(place) must be a JSON object", param: path.isEmpty ? nil : place)
        }
        self.path = path
    }

    /// - Parameter wanted: What the field must be, in words.
    func value<Value: Decodable>(_ name: String, _ wanted: String) throws(APIError) -> Value? {
        do {
            return try container.decodeIfPresent(Value.self, forKey: Name(stringValue: name))
        } catch {
            if let error = error as? APIError { throw error }
            throw APIError(
                .badRequest, "\(path)\(name) must be \(wanted)", param: "\(path)\(name)", code: "invalid_type")
        }
    }

    func has(_ name: String) -> Bool {
        let key = Name(stringValue: name)
        return container.contains(key) && (try? container.decodeNil(forKey: key)) == false
    }
}

extension RequestFields {
    /// What `read` makes of a body.
    static func read<Value>(
        _ body: some Sequence<UInt8>, _ read: (RequestFields) throws(APIError) -> Value
    ) throws(APIError) -> Value {
        // The decoder's own errors stay apart from ours.
        var outcome: Result<Value, APIError>?
        withoutActuallyEscaping(read) { read in
            let reading = Reading { decoder in
                outcome = Result { () throws(APIError) in try read(try RequestFields(decoder)) }
            }
            _ = try? JSONDecoder().decode(Read.self, from: Data(body), configuration: reading)
        }
        guard let outcome else {
            throw APIError(.badRequest, "the request's body is not valid JSON", code: "invalid_json")
        }
        return try outcome.get()
    }

    /// Hands the decoder over while there is one.
    private struct Reading {
        let take: (any Decoder) -> Void
    }

    private struct Read: DecodableWithConfiguration {
        init(from decoder: any Decoder, configuration: Reading) { configuration.take(decoder) }
    }
}
