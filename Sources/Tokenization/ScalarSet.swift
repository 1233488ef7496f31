/// Characters that a place of a pattern takes: ranges, general categories, properties, or all others.
struct ScalarSet: Sendable {
    private enum Property: Sendable { case space, word, wordAlone, alphabetic }

    private var ranges: [ClosedRange<UInt32>] = []
    private var categories: Set<Unicode.GeneralCategory> = []
    private var property: Property?
    private var parts: [ScalarSet] = []
    /// What the others must share.
    private var limits: [ScalarSet] = []
    private var isNegated = false
    /// The answers for U+0000 to U+007F, once the set is whole.
    private var ascii: [Bool] = []

    init() {}

    init(_ value: UInt32) { ranges = [value...value] }

    private init(_ property: Property) {
        self.property = property
        self = finished()
    }

    static let space = ScalarSet(.space)
    /// `\w` in brackets: letters, marks, digits and what connects them.
    static let word = ScalarSet(.word)
    /// `\w` that stands alone, and what has borders of words: Latin-1's other numbers too, as Oniguruma has it.
    static let wordAlone = ScalarSet(.wordAlone)
    static let alphabetic = ScalarSet(.alphabetic)
    /// `\d`.
    static let decimal = ScalarSet(category: "Nd")!

    /// What `\p{...}` names: a general category, the letter that several begin with, or a script.
    init?(category name: String) {
        if let categories = Self.categories[name] {
            self.categories = categories
        } else if let ranges = Scripts.ranges(of: name) {
            self.ranges = ranges
        } else if name == "Alphabetic" {
            property = .alphabetic
        } else {
            return nil
        }
        self = finished()
    }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }
    mutating func insert(_ set: ScalarSet) { parts.append(set) }

    /// Keeps only what is in `set` too.
    mutating func intersect(_ set: ScalarSet) { limits.append(set) }

    var negated: ScalarSet {
        var set = self
        set.isNegated.toggle()
        return set.finished()
    }

    /// The same set, ready to be asked.
    func finished() -> ScalarSet {
        var set = self
        set.ascii = []
        set.ascii = (0..<0x80).map { set.search($0) }
        return set
    }

    /// With the other case of each letter of ASCII, as `(?i:)` has it.
    var anyCase: ScalarSet {
        var set = ScalarSet()
        set.parts = [self]
        for upper in UInt32(0x41)...0x5A where search(upper) || search(upper + 0x20) {
            set.ranges += [upper...upper, (upper + 0x20)...(upper + 0x20)]
            if upper == 0x53 { set.ranges.append(0x17F...0x17F) }
            if upper == 0x4B { set.ranges.append(0x212A...0x212A) }
        }
        return set.finished()
    }

    func contains(_ value: UInt32) -> Bool {
        value < 0x80 && !ascii.isEmpty ? ascii[Int(value)] : search(value)
    }

    private func search(_ value: UInt32) -> Bool {
        (holds(value) && limits.allSatisfy { $0.contains(value) }) != isNegated
    }

    private func holds(_ value: UInt32) -> Bool {
        if ranges.contains(where: { $0.contains(value) }) { return true }
        if parts.contains(where: { $0.contains(value) }) { return true }
        guard property != nil || !categories.isEmpty, let properties = Unicode.Scalar(value)?.properties else {
            return false
        }
        if property == .space { return properties.isWhitespace }
        guard properties.isKnown(since: CharacterClass.patternVersion) else { return false }
        switch property {
        case .alphabetic: return properties.isAlphabetic
        case .word, .wordAlone:
            if property == .wordAlone, Self.smallNumbers.contains(value) { return true }
            return properties.isAlphabetic || Self.wordCategories.contains(properties.generalCategory)
        default: return categories.contains(properties.generalCategory)
        }
    }

    private static let smallNumbers: [UInt32] = [0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE]
    private static let wordCategories: Set<Unicode.GeneralCategory> = [
        .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation,
    ]

    private static let categories: [String: Set<Unicode.GeneralCategory>] = {
        let letters: [String: Unicode.GeneralCategory] = [
            "Lu": .uppercaseLetter, "Ll": .lowercaseLetter, "Lt": .titlecaseLetter, "Lm": .modifierLetter,
            "Lo": .otherLetter, "Mn": .nonspacingMark, "Mc": .spacingMark, "Me": .enclosingMark,
            "Nd": .decimalNumber, "Nl": .letterNumber, "No": .otherNumber, "Pc": .connectorPunctuation,
            "Pd": .dashPunctuation, "Ps": .openPunctuation, "Pe": .closePunctuation, "Pi": .initialPunctuation,
            "Pf": .finalPunctuation, "Po": .otherPunctuation, "Sm": .mathSymbol, "Sc": .currencySymbol,
            "Sk": .modifierSymbol, "So": .otherSymbol, "Zs": .spaceSeparator, "Zl": .lineSeparator,
            "Zp": .paragraphSeparator, "Cc": .control, "Cf": .format,
        ]
        var categories: [String: Set<Unicode.GeneralCategory>] = [:]
        for (name, category) in letters {
            categories[name] = [category]
            if name.first != "C" { categories[String(name.prefix(1)), default: []].insert(category) }
        }
        return categories
    }()
}
