/// A string: Unicode scalars, each with its origin.
struct Text {
    var units: [TextUnit]
    /// Whether it counts as HTML (`safe`, `escape`): text that is added to it is escaped first.
    var isMarkup = false

    init(_ units: [TextUnit], isMarkup: Bool = false) {
        self.units = units
        self.isMarkup = isMarkup
    }

    init(_ units: ArraySlice<TextUnit>, isMarkup: Bool = false) { self.init(Array(units), isMarkup: isMarkup) }

    init(_ string: String) { units = Array(string) }

    var count: Int { units.count }
    var isEmpty: Bool { units.isEmpty }
    var string: String { units.string }

    /// The same kind of text with other units.
    func with(_ units: [TextUnit]) -> Text { Text(units, isMarkup: isMarkup) }
    func with(_ units: ArraySlice<TextUnit>) -> Text { Text(Array(units), isMarkup: isMarkup) }

    /// As HTML; text that is HTML already stays as it is.
    var escaped: Text {
        if isMarkup { return self }
        var result: [TextUnit] = []
        result.reserveCapacity(units.count)
        for unit in units {
            let replacement: String
            switch unit.scalar {
            case "&": replacement = "&amp;"
            case "<": replacement = "&lt;"
            case ">": replacement = "&gt;"
            case "'": replacement = "&#39;"
            case "\"": replacement = "&#34;"
            default:
                result.append(unit)
                continue
            }
            result += replacement.unicodeScalars.map(unit.with)
        }
        return Text(result, isMarkup: true)
    }

    /// `other` as this text's operations take it.
    func admitting(_ other: Text) -> [TextUnit] { isMarkup ? other.escaped.units : other.units }
}
