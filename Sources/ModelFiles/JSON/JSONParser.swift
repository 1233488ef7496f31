/// Reads a JSON text (RFC 8259), and Python's `NaN` and `Infinity`. Memory taken is proportional to the text.
struct JSONParser {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// Deeper nesting than any model's files have.
    private static let deepest = 64

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The value that `bytes` are the text of.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(ModelFileProblem) -> JSONValue {
        var parser = JSONParser(bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.problem("something follows the text's end") }
        return value
    }

    private mutating func value(depth: Int) throws(ModelFileProblem) -> JSONValue {
        guard depth < Self.deepest else { throw problem("values nest deeper than \(Self.deepest) levels") }
        skipSpace()
        switch next ?? 0 {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try list(depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: return try word()
        }
    }

    private mutating func object(_ depth: Int) throws(ModelFileProblem) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        if skip("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw problem("a member's name is missing") }
            let key = try text()
            guard skip(":") else { throw problem("':' is missing") }
            members.append(JSONValue.Member(key: key, value: try value(depth: depth + 1)))
        } while skip(",")
        guard skip("}") else { throw problem("',' or '}' is missing") }
        return .object(members)
    }

    private mutating func list(_ depth: Int) throws(ModelFileProblem) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        if skip("]") { return .list(elements) }
        repeat { elements.append(try value(depth: depth + 1)) } while skip(",")
        guard skip("]") else { throw problem("',' or ']' is missing") }
        return .list(elements)
    }

    private mutating func word() throws(ModelFileProblem) -> JSONValue {
        let words: [(StaticString, JSONValue)] = [
            ("true", .bool(true)), ("false", .bool(false)), ("null", .null), ("NaN", .number(.nan)),
            ("Infinity", .number(.infinity)),
        ]
        for (word, value) in words where startsHere(word) {
            position += word.utf8CodeUnitCount
            return value
        }
        throw problem(position < bytes.count ? "no value begins like this" : "the text ends too early")
    }

    private mutating func number() throws(ModelFileProblem) -> JSONValue {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        if startsHere("Infinity") {
            position += 8
            return .number(-.infinity)
        }
        var isWhole = true
        while let byte = next {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                isWhole = false
            default:
                return try number(start, isWhole)
            }
            position += 1
        }
        return try number(start, isWhole)
    }

    private func number(_ start: Int, _ isWhole: Bool) throws(ModelFileProblem) -> JSONValue {
        // Longer ones say nothing more.
        guard position - start <= 64 else { throw problem("a number has more than 64 digits") }
        let digits = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int(digits) { return .integer(value) }
        guard let value = Double(digits) else { throw problem("'\(printable(digits.utf8))' is no number") }
        return .number(value)
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Steps over white space and `character`, if that comes next.
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func startsHere(_ word: StaticString) -> Bool {
        bytes[position...].starts(
            with: UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    private func problem(_ reason: String) -> ModelFileProblem { .invalidJSON(reason: reason, position: position) }
}

/// Texts.
extension JSONParser {
    private mutating func text() throws(ModelFileProblem) -> [UInt8] {
        position += 1
        var text: [UInt8] = []
        while true {
            let start = position
            while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                position += 1
            }
            text.append(contentsOf: bytes[start..<position])
            switch next {
            case UInt8(ascii: "\""):
                position += 1
                return text
            case UInt8(ascii: "\\"): try escape(&text)
            case nil: throw problem("a text does not end")
            default: throw problem("a text holds a control character")
            }
        }
    }

    private mutating func escape(_ text: inout [UInt8]) throws(ModelFileProblem) {
        guard position + 1 < bytes.count else { throw problem("a text does not end") }
        let letter = bytes[position + 1]
        position += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try scalar())).utf8)
        default: throw problem("a text holds an unknown escape")
        }
    }

    /// A scalar written as one or two UTF-16 units; half a pair becomes U+FFFD.
    private mutating func scalar() throws(ModelFileProblem) -> Unicode.Scalar {
        let unit = try hexadecimal()
        guard (0xD800..<0xE000).contains(unit) else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
        guard unit < 0xDC00, startsHere("\\u") else { return "\u{FFFD}" }
        let place = position
        position += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else {
            position = place
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(ModelFileProblem) -> UInt32 {
        guard position + 4 <= bytes.count else { throw problem("a text does not end") }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw problem("'\\u' is not followed by four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
