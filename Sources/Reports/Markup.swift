/// A piece of HTML or SVG: names are the program's own, texts and the values of attributes are escaped, and every element
/// is closed, so that the whole is well-formed XML too.
public struct Markup: Sendable {
    public let source: String

    private init(source: String) { self.source = source }

    /// Nothing.
    public static let empty = Markup(source: "")

    public static func text(_ text: String) -> Markup { Markup(source: text.escapedForMarkup) }

    /// An element; attributes without a value are left out.
    public static func element(
        _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [Markup] = []
    ) -> Markup {
        var source = "<\(name)"
        for case (let key, let value?) in attributes { source += " \(key)=\"\(value.escapedForMarkup)\"" }
        let content = children.map(\.source).joined()
        return Markup(
            source: content.isEmpty && voidElements.contains(name) ? source + "/>" : source + ">\(content)</\(name)>")
    }

    public static func element(
        _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ text: String
    ) -> Markup { element(name, attributes, [.text(text)]) }

    /// A style sheet of the program's own.
    static func style(_ sheet: String) -> Markup { Markup(source: "<style>\n\(sheet)\n</style>") }

    public static func + (left: Markup, right: Markup) -> Markup { Markup(source: left.source + right.source) }

    /// Elements that HTML or SVG may leave without content.
    private static let voidElements: Set<String> = [
        "br", "circle", "line", "meta", "path", "polygon", "polyline", "rect",
    ]
}

extension String {
    fileprivate var escapedForMarkup: String {
        var escaped = ""
        escaped.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            // XML has no place for most control characters, not even escaped.
            case "\u{0}"..<" " where scalar != "\n" && scalar != "\t": escaped += "\u{FFFD}"
            case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
