/// A template's source in one canonical spelling, so that formats can be looked for in it whatever its layout.
///
/// Comments and white-space control are gone, and so is white space inside tags; string literals are decoded and stand
/// between « and »; literals added to each other are one; `x['role']` is `x.role`, and `.strip()` is `|trim`. Text between
/// tags that a template would print, with the `trim_blocks` and `lstrip_blocks` that templates are written for, stays.
struct TemplateSource {
    private(set) var code = ""
    /// Whether the template prints anything that stands outside its tags.
    private(set) var printsPlainText = false

    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ source: String) {
        // A template's last newline is not printed.
        scalars = Array(source.hasSuffix("\n") ? source.unicodeScalars.dropLast() : source.unicodeScalars[...])
        readAll()
        code = code.replacing("»+«", with: "").replacing("[«role»]", with: ".role")
            .replacing("[«content»]", with: ".content").replacing(".strip()", with: "|trim")
    }

    func contains(_ text: String) -> Bool { code.contains(text) }

    /// The first literal that begins with `before`, which ends in its « and beginning, and ends with `ending` before
    /// `after`; without those.
    func literal(after before: String, endingIn ending: String = "", then after: String) -> String? {
        for start in code.ranges(of: before) {
            let rest = code[start.upperBound...]
            // A literal's end, or another one's beginning inside what is none: either way each is looked at once.
            guard let end = rest.firstIndex(where: { $0 == "»" || $0 == "«" }) else { return nil }
            let text = rest[..<end]
            if text.hasSuffix(ending), rest[end...].hasPrefix("»" + after) {
                return String(text.dropLast(ending.count))
            }
        }
        return nil
    }

    private mutating func readAll() {
        var trimsStart = false
        var dropsNewline = false
        while position < scalars.count {
            let text = readText()
            let opening = position < scalars.count ? scalars[position + 1] : nil
            let control = position + 2 < scalars.count ? scalars[position + 2] : nil
            keep(
                text, trimsStart: trimsStart, dropsNewline: dropsNewline, trimsEnd: control == "-",
                stripsIndent: opening == "%" || opening == "#")
            guard let opening else { return }
            trimsStart = readTag(opening, hasControl: control == "-" || control == "+")
            dropsNewline = opening != "{"
        }
    }

    /// Everything up to the next tag.
    private mutating func readText() -> ArraySlice<Unicode.Scalar> {
        let start = position
        while position < scalars.count {
            let isTag =
                position + 1 < scalars.count && scalars[position] == "{"
                && "{%#".unicodeScalars.contains(scalars[position + 1])
            if isTag { break }
            position += 1
        }
        return scalars[start..<position]
    }

    private mutating func keep(
        _ text: ArraySlice<Unicode.Scalar>, trimsStart: Bool, dropsNewline: Bool, trimsEnd: Bool, stripsIndent: Bool
    ) {
        var text = text
        if trimsStart { text = text.drop(while: \.properties.isWhitespace) }
        if dropsNewline, text.first == "\n" { text.removeFirst() }
        if trimsEnd {
            while let last = text.last, last.properties.isWhitespace { text.removeLast() }
        } else if stripsIndent {
            let indent = text.reversed().prefix { $0 == " " || $0 == "\t" }.count
            // Only at the beginning of a line, or of the template.
            let before = text.dropLast(indent)
            if before.last == "\n" || before.startIndex == 0 && before.isEmpty { text = before }
        }
        if !text.isEmpty { printsPlainText = true }
    }

    /// Reads a tag with its ends and returns whether it takes off the white space that follows.
    private mutating func readTag(_ opening: Unicode.Scalar, hasControl: Bool) -> Bool {
        position += hasControl ? 3 : 2
        let closing: Unicode.Scalar = opening == "{" ? "}" : opening
        if opening != "#" { code.unicodeScalars.append(contentsOf: ["{", opening]) }
        var separates = false
        while position + 1 < scalars.count, !(scalars[position] == closing && scalars[position + 1] == "}") {
            let scalar = scalars[position]
            position += 1
            if opening == "#" { continue }
            if scalar.properties.isWhitespace {
                separates = true
            } else if scalar == "'" || scalar == "\"" {
                readLiteral(quote: scalar)
                separates = false
            } else {
                let joins = isWord(scalar) && code.unicodeScalars.last.map(isWord) == true
                if separates, joins { code.append(" ") }
                code.unicodeScalars.append(scalar)
                separates = false
            }
        }
        let trims = position > 0 && position <= scalars.count && scalars[position - 1] == "-"
        position = min(position + 2, scalars.count)
        if opening == "#" { return trims }
        if trims, code.last == "-" { code.removeLast() }
        code.unicodeScalars.append(contentsOf: [closing, "}"])
        return trims
    }

    private mutating func readLiteral(quote: Unicode.Scalar) {
        code.append("«")
        while position < scalars.count, scalars[position] != quote {
            var scalar = scalars[position]
            if scalar == "\\", position + 1 < scalars.count {
                position += 1
                scalar = scalars[position]
                if scalar == "n" { scalar = "\n" } else if scalar == "t" { scalar = "\t" }
            }
            code.unicodeScalars.append(scalar)
            position += 1
        }
        position += 1
        code.append("»")
    }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }
}
