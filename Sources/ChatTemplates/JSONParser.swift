extension JSONValue {
    /// Reads one JSON text (RFC 8259); nil where it is none, or is nested more than 64 deep.
    public init?(parsing bytes: some Collection<UInt8>) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var parser = JSONParser(Array(text.utf8))
        guard let value = parser.wholeText() else { return nil }
        self = value
    }

    public init?(parsing text: String) { self.init(parsing: text.utf8) }
}

/// Reads JSON; nil means that it is none.
private struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    private static let deepest = 64

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func wholeText() -> JSONValue? {
        let value = value()
        skipSpaces()
        return position == bytes.count ? value : nil
    }

    private mutating func skipSpaces() {
        while let byte, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    private mutating func value() -> JSONValue? {
        skipSpaces()
        switch byte {
        case UInt8(ascii: "{"): return nested { $0.object() }
        case UInt8(ascii: "["): return nested { $0.array() }
        case UInt8(ascii: "\""): return string().map(JSONValue.string)
        case UInt8(ascii: "t"): return skip("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return skip("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return skip("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func nested(_ body: (inout JSONParser) -> JSONValue?) -> JSONValue? {
        guard depth < Self.deepest else { return nil }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return body(&self)
    }

    /// Items up to `end`, with commas between them.
    private mutating func items<Item>(upTo end: StaticString, _ item: (inout JSONParser) -> Item?) -> [Item]? {
        var items: [Item] = []
        skipSpaces()
        if skip(end) { return items }
        while let next = item(&self) {
            items.append(next)
            skipSpaces()
            if skip(end) { return items }
            guard skip(",") else { return nil }
        }
        return nil
    }

    private mutating func array() -> JSONValue? { items(upTo: "]") { $0.value() }.map(JSONValue.array) }

    private mutating func object() -> JSONValue? {
        let members: [(String, JSONValue)]? = items(upTo: "}") { parser in
            parser.skipSpaces()
            guard let key = parser.string() else { return nil }
            parser.skipSpaces()
            guard parser.skip(":"), let value = parser.value() else { return nil }
            return (key, value)
        }
        return members.map { .object(JSONObject($0)) }
    }

    private mutating func digits() -> Bool {
        let start = position
        while let byte, (0x30...0x39).contains(byte) { position += 1 }
        return position > start
    }

    private mutating func number() -> JSONValue? {
        let start = position
        _ = skip("-")
        if !skip("0"), !digits() { return nil }
        var isWhole = true
        if skip(".") {
            isWhole = false
            guard digits() else { return nil }
        }
        if skip("e") || skip("E") {
            isWhole = false
            _ = skip("+") || skip("-")
            guard digits() else { return nil }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int(text) { return .int(value) }
        return Double(text).map(JSONValue.float)
    }

    private mutating func string() -> String? {
        guard skip("\"") else { return nil }
        var result: [UInt8] = []
        while let next = byte {
            position += 1
            switch next {
            case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                result += Array(String(scalar).utf8)
            case 0..<0x20: return nil
            default: result.append(next)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        defer { position += 1 }
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return unicodeEscape()
        default: return nil
        }
    }

    /// The digits of `\uXXXX`, two of them for a character beyond the first plane; ends on the last digit. Half a pair
    /// becomes U+FFFD.
    private mutating func unicodeEscape() -> Unicode.Scalar? {
        guard let first = hexadecimal(at: position + 1) else { return nil }
        position += 4
        if (0xD800...0xDBFF).contains(first), bytes[(position + 1)...].starts(with: [0x5C, 0x75]),
            let second = hexadecimal(at: position + 3), (0xDC00...0xDFFF).contains(second)
        {
            position += 6
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        }
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private func hexadecimal(at start: Int) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[start..<(start + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
