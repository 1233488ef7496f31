/// What a reader takes of a JSON text.
public struct JSONRules: Sendable {
    /// How deep lists and objects may nest.
    public var depth = 64
    /// The longest text, in bytes.
    public var size = 1 << 28
    /// Whether a byte order mark, `NaN` and `Infinity` are taken too, as Python writes and reads them.
    public var takesPython = false
    /// Whether an object with a name that stands twice is refused; else the last one counts.
    public var refusesRepeatedNames = false

    public init(takesPython: Bool = false, refusesRepeatedNames: Bool = false) {
        self.takesPython = takesPython
        self.refusesRepeatedNames = refusesRepeatedNames
    }
}

/// Why a text is not taken, as what comes after "the text is".
public enum JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// - Parameter position: Bytes before what is wrong.
    case invalid(reason: String, position: Int)
    /// - Parameter limit: The bytes that are taken.
    case tooLarge(limit: Int)

    public var description: String {
        switch self {
        case .invalid(let reason, let position): "no valid JSON, \(reason) at byte \(position)"
        case .tooLarge(let limit): "larger than \(limit) bytes, too large for JSON"
        }
    }
}

extension JSONValue {
    /// The value that `bytes` are the text of (RFC 8259, in UTF-8). Memory taken is proportional to the text.
    public init(reading bytes: some Collection<UInt8>, _ rules: JSONRules = JSONRules()) throws(JSONError) {
        func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, JSONError> {
            Result { () throws(JSONError) in try JSONParser.value(of: UnsafeRawBufferPointer(bytes), rules) }
        }
        let result = bytes.withContiguousStorageIfAvailable(read) ?? Array(bytes).withUnsafeBufferPointer(read)
        self = try result.get()
    }

    /// The same for those who do not want to know what is wrong: nil.
    public init?(parsing bytes: some Collection<UInt8>) {
        guard let value = try? JSONValue(reading: bytes) else { return nil }
        self = value
    }

    public init?(parsing text: String) { self.init(parsing: text.utf8) }
}
