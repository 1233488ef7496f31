/// How one value is laid out: Python's format specification, and what `%` knows of it.
struct FormatSpecification {
    var fill: TextUnit = " "
    /// One of `<`, `>`, `^` and `=`; nil: by the kind of value.
    var alignment: Unicode.Scalar?
    /// `+`, `-` or a space.
    var sign: Unicode.Scalar = "-"
    var isAlternate = false
    var width = 0
    /// Between thousands.
    var separator: Unicode.Scalar?
    var precision: Int?
    var type: Unicode.Scalar?

    static let largestSize = 100_000

    init() {}

    /// `[[fill]align][sign][#][0][width][,][.precision][type]`; nil where it is none.
    init?(_ units: [TextUnit]) {
        var rest = units[...]
        func isAlignment(_ unit: TextUnit?) -> Bool { unit.map { "<>^=".unicodeScalars.contains($0.scalar) } ?? false }
        func take(_ scalars: String) -> Unicode.Scalar? {
            guard let first = rest.first, scalars.unicodeScalars.contains(first.scalar) else { return nil }
            return rest.removeFirst().scalar
        }
        func number() -> Int? {
            let digits = rest.prefix { ("0"..."9").contains($0.scalar) }
            rest = rest.dropFirst(digits.count)
            return Int(digits.string)
        }
        if isAlignment(rest.dropFirst().first) { fill = rest.removeFirst() }
        if isAlignment(rest.first) { alignment = rest.removeFirst().scalar }
        sign = take("+- ") ?? "-"
        isAlternate = take("#") != nil
        if take("0") != nil, alignment == nil { (fill, alignment) = ("0", "=") }
        let digits = number()
        width = digits ?? 0
        separator = take(",_")
        if take(".") != nil {
            guard let digits = number() else { return nil }
            precision = digits
        }
        type = rest.popFirst()?.scalar
        guard rest.isEmpty, width <= Self.largestSize, (precision ?? 0) <= Self.largestSize else { return nil }
    }

    /// `text` in its field.
    func padded(_ text: [TextUnit], signCount: Int = 0, isNumber: Bool) -> [TextUnit] {
        let missing = width - text.count
        guard missing > 0 else { return text }
        let padding = Array(repeating: fill, count: missing)
        switch alignment ?? (isNumber ? ">" : "<") {
        case "<": return text + padding
        case ">": return padding + text
        case "=": return text[..<signCount] + padding + text[signCount...]
        default: return padding[..<(missing / 2)] + text + padding[(missing / 2)...]
        }
    }

    /// A whole number; nil where the type is none for those.
    func text(_ value: Int) -> [TextUnit]? {
        let (radix, prefix): (Int, String)
        switch type {
        case nil, "d", "n": (radix, prefix) = (10, "")
        case "x", "X": (radix, prefix) = (16, type == "x" ? "0x" : "0X")
        case "o": (radix, prefix) = (8, "0o")
        case "b": (radix, prefix) = (2, "0b")
        case "c":
            guard let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else { return nil }
            return padded([TextUnit(scalar)], isNumber: false)
        case "e", "E", "f", "F", "g", "G", "%": return text(Double(value))
        default: return nil
        }
        if precision != nil { return nil }
        let digits = String(value.magnitude, radix: radix, uppercase: type == "X")
        return number(digits, isNegative: value < 0, prefix: isAlternate ? prefix : "")
    }

    /// A floating-point number; nil where the type is none for those.
    func text(_ value: Double) -> [TextUnit]? {
        let size = value.magnitude
        var digits: String
        switch type {
        case "f", "F": digits = NumberText.fixed(size, digits: precision ?? 6)
        case "e", "E": digits = NumberText.scientific(size, digits: precision ?? 6)
        case "g", "G", "n": digits = NumberText.general(size, digits: max(1, precision ?? 6), alternate: isAlternate)
        case "%": digits = NumberText.fixed(size * 100, digits: precision ?? 6) + "%"
        case nil:
            if let precision {
                digits = NumberText.general(size, digits: max(1, precision), alternate: isAlternate)
                if size.isFinite, !digits.contains("."), !digits.contains("e") { digits += ".0" }
            } else {
                digits = FloatText.shortest(size)
            }
        default: return nil
        }
        if type == "E" || type == "F" || type == "G" { digits = digits.uppercased() }
        return number(digits, isNegative: value.sign == .minus && !value.isNaN, prefix: "")
    }

    private func number(_ digits: String, isNegative: Bool, prefix: String) -> [TextUnit] {
        let sign = isNegative ? "-" : sign == "-" ? "" : String(sign)
        let text = sign + prefix + grouped(digits)
        return padded(Array(text), signCount: sign.utf8.count + prefix.utf8.count, isNumber: true)
    }

    private func grouped(_ digits: String) -> String {
        guard let separator else { return digits }
        let whole = digits.prefix { $0.isHexDigit && !($0 == "e" && type != "x") }
        let size = type == "x" || type == "X" || type == "o" || type == "b" ? 4 : 3
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % size == 0 { result.unicodeScalars.append(separator) }
            result.append(digit)
        }
        return result + digits.dropFirst(whole.count)
    }
}
