/// Reads one name, number, string or operator inside a tag.
struct TokenScanner {
    struct Fault: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    private let source: [Unicode.Scalar]
    private(set) var position: Int

    init(_ source: [Unicode.Scalar], _ position: Int) {
        self.source = source
        self.position = position
    }

    private static let symbols = [
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=",
        ".",
        ":", "|", ",", ";",
    ]

    mutating func symbol() -> String? {
        for symbol in Self.symbols where source[position...].starts(with: symbol.unicodeScalars) {
            position += symbol.unicodeScalars.count
            return symbol
        }
        return nil
    }

    mutating func name() -> String? {
        guard let first = scalar, first == "_" || first.properties.isXIDStart else { return nil }
        var name = String.UnicodeScalarView()
        while let scalar, scalar == "_" || scalar.properties.isXIDContinue {
            name.append(scalar)
            position += 1
        }
        return String(name)
    }

    private var scalar: Unicode.Scalar? { position < source.count ? source[position] : nil }

    private func scalar(at index: Int) -> Unicode.Scalar? { index < source.count ? source[index] : nil }

    /// Digits with single underscores between them, from `index` on; nil where there are none.
    private func digits(from index: Int, _ isDigit: (Unicode.Scalar) -> Bool) -> (text: String, end: Int)? {
        var (text, end) = ("", index)
        while let next = scalar(at: end) {
            if isDigit(next) {
                text.unicodeScalars.append(next)
                end += 1
            } else if next == "_", !text.isEmpty, let after = scalar(at: end + 1), isDigit(after) {
                end += 1
            } else {
                break
            }
        }
        return text.isEmpty ? nil : (text, end)
    }

    private static func isDecimal(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    mutating func number() throws -> Token.Kind? {
        guard let whole = digits(from: position, Self.isDecimal) else { return nil }
        if let float = float(whole) { return float }
        let prefixed: [(Unicode.Scalar, Int)] = [("b", 2), ("o", 8), ("x", 16)]
        for (letter, radix) in prefixed
        where whole.text == "0" && (scalar(at: position + 1)?.properties.lowercaseMapping ?? "") == String(letter) {
            let start = position + (scalar(at: position + 2) == "_" ? 3 : 2)
            let found = digits(from: start) { $0.isASCII && Int(String($0), radix: radix) != nil }
            if let found { return .integer(try integer(found.text, radix, end: found.end)) }
        }
        // A number that begins with 0 is 0, or the zeros at its beginning.
        if whole.text.utf8.first == UInt8(ascii: "0"), whole.text.utf8.contains(where: { $0 != UInt8(ascii: "0") }) {
            position += 1
            return .integer(0)
        }
        return .integer(try integer(whole.text, 10, end: whole.end))
    }

    private mutating func integer(_ digits: String, _ radix: Int, end: Int) throws -> Int {
        guard let value = Int(digits, radix: radix) else { throw Fault("the number \(digits.prefix(30)) is too large") }
        position = end
        return value
    }

    private mutating func float(_ whole: (text: String, end: Int)) -> Token.Kind? {
        if position > 0, source[position - 1] == "." { return nil }
        var (text, end) = whole
        var isFloat = false
        if scalar(at: end) == ".", let fraction = digits(from: end + 1, Self.isDecimal) {
            text += "." + fraction.text
            end = fraction.end
            isFloat = true
        }
        if let letter = scalar(at: end), letter == "e" || letter == "E" {
            var start = end + 1
            var sign = ""
            if let next = scalar(at: start), next == "+" || next == "-" {
                sign = String(next)
                start += 1
            }
            if let exponent = digits(from: start, Self.isDecimal) {
                text += "e" + sign + exponent.text
                end = exponent.end
                isFloat = true
            }
        }
        guard isFloat, let value = Double(text) else { return nil }
        position = end
        return .float(value)
    }

    /// A string with its escapes, as Python reads them.
    mutating func text() throws -> [TextUnit] {
        let quote = source[position]
        position += 1
        var units: [TextUnit] = []
        while let next = scalar {
            position += 1
            if next == quote { return units }
            if next != "\\" {
                units.append(TextUnit(next))
            } else if let escape = scalar {
                position += 1
                try append(escape, to: &units)
            }
        }
        throw Fault("a string is not closed by \(quote)")
    }

    private mutating func append(_ escape: Unicode.Scalar, to units: inout [TextUnit]) throws {
        switch escape {
        case "\n": break
        case "n": units.append("\n")
        case "t": units.append("\t")
        case "r": units.append("\r")
        case "a": units.append("\u{7}")
        case "b": units.append("\u{8}")
        case "f": units.append("\u{C}")
        case "v": units.append("\u{B}")
        case "\\", "'", "\"": units.append(TextUnit(escape))
        case "x": try appendCode(digits: 2, to: &units)
        case "u": try appendCode(digits: 4, to: &units)
        case "U": try appendCode(digits: 8, to: &units)
        case "N": throw Fault("characters by name (\\N) are not supported")
        case "0"..."7":
            var value = escape.value - 0x30
            for _ in 0..<2 {
                guard let next = scalar, ("0"..."7").contains(next) else { break }
                value = value * 8 + next.value - 0x30
                position += 1
            }
            units.append(TextUnit(Unicode.Scalar(value) ?? "?"))
        default: units += ["\\", TextUnit(escape)]
        }
    }

    private mutating func appendCode(digits count: Int, to units: inout [TextUnit]) throws {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let next = scalar, next.isASCII, let digit = UInt32(String(next), radix: 16) else {
                throw Fault("an escape in a string needs \(count) hexadecimal digits")
            }
            value = value << 4 | digit
            position += 1
        }
        guard let scalar = Unicode.Scalar(value) else { throw Fault("an escape in a string is no character") }
        units.append(TextUnit(scalar))
    }
}
