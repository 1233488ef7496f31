import Glibc

/// Numbers from text, and text from numbers, by Python's rules.
enum NumberText {
    /// What Python's `int(text, base)` gives; nil where it refuses.
    static func integer(_ text: String, base: Int, _ fault: (String) -> TemplateError) throws -> Int? {
        var digits = trimmed(text)[...]
        var sign = ""
        if let first = digits.first, first == "-" || first == "+" { sign = String(digits.removeFirst()) }
        var base = base
        for (letter, radix) in [("x", 16), ("o", 8), ("b", 2)] where base == radix || base == 0 {
            if digits.hasPrefix("0" + letter) || digits.hasPrefix("0" + letter.uppercased()) {
                digits = digits.dropFirst(2)
                base = radix
            }
        }
        if base == 0 { base = 10 }
        guard (2...36).contains(base), let plain = withoutUnderscores(digits) else { return nil }
        guard
            plain.utf8.allSatisfy({
                UInt8(ascii: "0") <= $0 && Int(String(Character(Unicode.Scalar($0))), radix: base) != nil
            })
        else { return nil }
        guard let value = Int(sign + plain, radix: base) else {
            throw fault("a number is too large: whole numbers have 64 bits here")
        }
        return value
    }

    /// What Python's `float(text)` gives; nil where it refuses.
    static func float(_ text: String) -> Double? {
        guard let plain = withoutUnderscores(trimmed(text)[...]) else { return nil }
        let name = plain.lowercased()
        let unsigned = name.hasPrefix("-") || name.hasPrefix("+") ? name.dropFirst() : name[...]
        if unsigned == "inf" || unsigned == "infinity" { return name.hasPrefix("-") ? -.infinity : .infinity }
        if unsigned == "nan" { return .nan }
        // Swift reads hexadecimal numbers too.
        guard unsigned.utf8.allSatisfy({ "0123456789.e+-".utf8.contains($0) }),
            unsigned.utf8.contains(where: { (0x30...0x39).contains($0) })
        else { return nil }
        var plainNumber = String(unsigned)
        if plainNumber.hasPrefix(".") { plainNumber = "0" + plainNumber }
        if plainNumber.hasSuffix(".") { plainNumber += "0" }
        plainNumber = plainNumber.replacing(".e", with: ".0e")
        guard let value = Double(plainNumber) else { return nil }
        return name.hasPrefix("-") ? -value : value
    }

    private static func trimmed(_ text: String) -> String {
        [TextUnit](text)[...].trimmed(leading: true, trailing: true, \.isSpace).string
    }

    private static func withoutUnderscores(_ text: Substring) -> String? {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "_") {
            let isBetween =
                index > 0 && index + 1 < bytes.count && isDigit(bytes[index - 1]) && isDigit(bytes[index + 1])
            if !isBetween { return nil }
        }
        return String(decoding: bytes.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    /// `value` with so many digits behind the point (at most 400), rounded by its exact value.
    static func fixed(_ value: Double, digits: Int) -> String { formatted("%.*f", digits, value) }

    /// One digit, so many behind the point, and a power of ten.
    static func scientific(_ value: Double, digits: Int) -> String { formatted("%.*e", digits, value) }

    /// So many digits in all, whichever way is shorter; `alternate` keeps zeros at the end.
    static func general(_ value: Double, digits: Int, alternate: Bool) -> String {
        formatted(alternate ? "%#.*g" : "%.*g", digits, value)
    }

    private static func formatted(_ format: String, _ digits: Int, _ value: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 1024)
        let length = withVaList([Int32(clamping: min(max(digits, 0), 400)), value]) {
            vsnprintf(&buffer, buffer.count, format, $0)
        }
        return String(decoding: buffer.prefix(max(0, Int(length))).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension ArraySlice<TextUnit> {
    var string: String { Array(self).string }
}
