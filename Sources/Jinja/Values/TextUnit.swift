/// One Unicode scalar of a text, and whether the template's author wrote it.
///
/// Text is a list of these, so whatever a template does to a text (slicing, trimming, joining, splitting), every scalar
/// still knows where it came from. Two units are equal where their scalars are; Swift's `Character` and `String` compare
/// by canonical equivalence, which Python does not.
struct TextUnit: Hashable, Comparable, Sendable {
    private var bits: UInt32

    private static let dataBit: UInt32 = 1 << 31

    init(_ scalar: Unicode.Scalar, isData: Bool = false) {
        bits = scalar.value | (isData ? Self.dataBit : 0)
    }

    var scalar: Unicode.Scalar { Unicode.Scalar(value)! }
    var value: UInt32 { bits & ~Self.dataBit }
    /// Whether it came with the data that the template was given, rather than from the template's source.
    var isData: Bool { bits & Self.dataBit != 0 }

    /// Another scalar from the same place.
    func with(_ scalar: Unicode.Scalar) -> TextUnit { TextUnit(scalar, isData: isData) }

    static func == (a: TextUnit, b: TextUnit) -> Bool { a.value == b.value }
    static func < (a: TextUnit, b: TextUnit) -> Bool { a.value < b.value }
    func hash(into hasher: inout Hasher) { hasher.combine(value) }

    /// What Python takes for white space: Unicode's, and the four information separators.
    var isSpace: Bool { value < 0x80 ? Self.isASCIISpace(value) : scalar.properties.isWhitespace }

    static func isASCIISpace(_ value: UInt32) -> Bool {
        value == 0x20 || (0x09...0x0D).contains(value) || (0x1C...0x1F).contains(value)
    }
}

extension TextUnit: ExpressibleByUnicodeScalarLiteral {
    init(unicodeScalarLiteral scalar: Unicode.Scalar) { self.init(scalar) }
}

extension [TextUnit] {
    init(_ text: some StringProtocol, isData: Bool = false) {
        self = text.unicodeScalars.map { TextUnit($0, isData: isData) }
    }

    /// The text without its origins.
    var string: String {
        var scalars = String.UnicodeScalarView()
        for unit in self { scalars.append(unit.scalar) }
        return String(scalars)
    }

}

extension Sequence<TextUnit> {
    /// Whether this is exactly `text`, scalar by scalar.
    func spells(_ text: String) -> Bool { lazy.map(\.scalar).elementsEqual(text.unicodeScalars) }
}
