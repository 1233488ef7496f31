/// Reads a JSON text from its first byte to its last.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    private let rules: JSONRules
    var position = 0
    private var depth = 0

    private init(_ bytes: UnsafeRawBufferPointer, _ rules: JSONRules) {
        self.bytes = bytes
        self.rules = rules
    }

    static func value(of bytes: UnsafeRawBufferPointer, _ rules: JSONRules) throws(JSONError) -> JSONValue {
        guard bytes.count <= rules.size else { throw .tooLarge(limit: rules.size) }
        var parser = JSONParser(bytes, rules)
        if rules.takesPython { _ = parser.skip(word: "\u{FEFF}") }
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.problem("something follows the value's end") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        switch next ?? 0 {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try items(upTo: "]") { parser throws(JSONError) in try parser.value() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: return try word()
        }
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        let start = position
        let members = try items(upTo: "}") { parser throws(JSONError) in try parser.member() }
        if rules.refusesRepeatedNames, JSONObject.repeated(in: members) != nil {
            throw .invalid(reason: "a name stands twice in the object", position: start)
        }
        return JSONObject(members)
    }

    private mutating func member() throws(JSONError) -> JSONObject.Member {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw problem("a member's name is missing") }
        let key = try string()
        skipSpace()
        guard skip(":") else { throw problem("':' is missing") }
        return JSONObject.Member(key: key, value: try value())
    }

    /// What stands between an opening bracket, which comes next, and `end`, with commas between.
    private mutating func items<Item>(
        upTo end: Unicode.Scalar, _ item: (inout JSONParser) throws(JSONError) -> Item
    ) throws(JSONError) -> [Item] {
        guard depth < rules.depth else { throw problem("values nest deeper than \(rules.depth) levels") }
        depth += 1
        position += 1
        defer { depth -= 1 }
        var items: [Item] = []
        skipSpace()
        if skip(end) { return items }
        while true {
            items.append(try item(&self))
            skipSpace()
            if skip(end) { return items }
            guard skip(",") else { throw problem("',' or '\(end)' is missing") }
        }
    }

    private mutating func word() throws(JSONError) -> JSONValue {
        if skip(word: "true") { return .bool(true) }
        if skip(word: "false") { return .bool(false) }
        if skip(word: "null") { return .null }
        if rules.takesPython {
            if skip(word: "NaN") { return .float(.nan) }
            if skip(word: "Infinity") { return .float(.infinity) }
        }
        throw problem(next == nil ? "the text ends too early" : "no value begins like this")
    }

    /// With the grammar checked here, whole numbers are exact and others the nearest `Double`.
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        let isNegative = skip("-")
        if isNegative, rules.takesPython, skip(word: "Infinity") { return .float(-.infinity) }
        let startsWithZero = next == UInt8(ascii: "0")
        try digits()
        let length = position - start - (isNegative ? 1 : 0)
        if startsWithZero, length > 1 { throw .invalid(reason: "a number has a needless 0", position: start) }
        var isWhole = true
        if skip(".") {
            isWhole = false
            try digits()
        }
        if skip("e") || skip("E") {
            isWhole = false
            if !skip("+") { _ = skip("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int(text) { return .int(value) }
        if isWhole, let value = UInt64(text) { return .unsigned(value) }
        guard let value = Double(text) else { throw .invalid(reason: "a number cannot be read", position: start) }
        return .float(value)
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let next, (0x30...0x39).contains(next) { position += 1 }
        guard position > start else { throw problem("a number lacks a digit") }
    }
}

extension JSONParser {
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let next, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { position += 1 }
    }

    /// Steps over `character`, if that comes next.
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func skip(word: StaticString) -> Bool {
        let wanted = UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    func problem(_ reason: String) -> JSONError { .invalid(reason: reason, position: position) }
}
