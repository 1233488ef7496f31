extension JSONParser {
    /// The text whose opening quote comes next.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        skipPlain()
        if next == UInt8(ascii: "\"") {
            // Most texts: one piece, taken as it stands.
            defer { position += 1 }
            return try checked(bytes[start..<position], from: start)
        }
        var text = Array(bytes[start..<position])
        while next != UInt8(ascii: "\"") {
            switch next {
            case UInt8(ascii: "\\"): try escape(&text)
            case nil: throw problem("a text does not end")
            default: throw problem("a text holds a control character")
            }
            let piece = position
            skipPlain()
            text.append(contentsOf: bytes[piece..<position])
        }
        position += 1
        return try checked(text, from: start)
    }

    private func checked(_ text: some Sequence<UInt8>, from start: Int) throws(JSONError) -> String {
        guard let text = String(validating: text, as: UTF8.self) else {
            throw .invalid(reason: "a text is not UTF-8", position: start)
        }
        return text
    }

    /// Steps over what stands for itself.
    private mutating func skipPlain() {
        while let next, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\"), next >= 0x20 { position += 1 }
    }

    private mutating func escape(_ text: inout [UInt8]) throws(JSONError) {
        let start = position
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
        default: throw .invalid(reason: "a text holds an unknown escape", position: start)
        }
    }

    /// A scalar written as one or two UTF-16 units; half a pair becomes U+FFFD.
    private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
        let unit = try hexadecimal()
        guard (0xD800..<0xE000).contains(unit) else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
        let place = position
        guard unit < 0xDC00, skip(word: "\\u") else { return "\u{FFFD}" }
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else {
            position = place
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
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
