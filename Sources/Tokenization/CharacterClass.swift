/// What the pre-tokenizers' patterns tell apart.
struct CharacterClass: OptionSet, Sendable {
    let rawValue: UInt8

    static let letter = CharacterClass(rawValue: 1)  // \p{L}
    static let number = CharacterClass(rawValue: 2)  // \p{N}
    static let space = CharacterClass(rawValue: 4)  // \s
    static let newline = CharacterClass(rawValue: 8)  // [\r\n], also a space
    static let mark = CharacterClass(rawValue: 16)  // [\p{P}$+<=>^~|]
    static let digit = CharacterClass(rawValue: 32)  // \p{N} of a later Unicode, see below
    static let upper = CharacterClass(rawValue: 64)  // [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
    static let lower = CharacterClass(rawValue: 128)  // [\p{Ll}\p{Lm}\p{Lo}\p{M}]

    /// The Unicode version whose properties the reference's regular expressions know (Oniguruma in `tokenizers`
    /// 0.23). Characters that came later are unassigned to it, so they are none of the above; no other property of
    /// any character has changed between it and the standard library's version.
    static let patternVersion = (major: 16, minor: 0)

    /// The reference cuts digits one by one (SmolLM2) with Rust's newer tables.
    static let digitVersion = (major: 17, minor: 0)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The class of a scalar, from Unicode's properties.
    init(of scalar: Unicode.Scalar) {
        let properties = scalar.properties
        var result: CharacterClass = properties.isWhitespace ? .space : []
        if scalar == "\r" || scalar == "\n" { result.insert(.newline) }
        if "$+<=>^~|".unicodeScalars.contains(scalar) { result.insert(.mark) }
        if properties.isKnown(since: Self.patternVersion) { result.formUnion(Self.cases(of: scalar)) }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            if properties.isKnown(since: Self.patternVersion) { result.insert(.letter) }
        case .decimalNumber, .letterNumber, .otherNumber:
            if properties.isKnown(since: Self.patternVersion) { result.insert(.number) }
            if properties.isKnown(since: Self.digitVersion) { result.insert(.digit) }
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            if properties.isKnown(since: Self.patternVersion) { result.insert(.mark) }
        default: break
        }
        self = result
    }

    /// What may stand in an upper-case and in a lower-case run of a word.
    private static func cases(of scalar: Unicode.Scalar) -> CharacterClass {
        // A letter without case since Unicode 17.
        if scalar == "\u{295}" { return .lower }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: return .upper
        case .lowercaseLetter: return .lower
        case .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .enclosingMark: return [.upper, .lower]
        default: return []
        }
    }

    /// The classes of U+0000 to U+007F, and of the rest of the first plane.
    static let ofASCII = (0..<0x80).map { CharacterClass(of: Unicode.Scalar(UInt8($0))) }
    static let ofFirstPlane = (0..<0x10000).map { Unicode.Scalar(UInt32($0)).map { CharacterClass(of: $0) } ?? [] }
}

extension Unicode.Scalar.Properties {
    /// Whether the character was assigned in this version of Unicode or before.
    func isKnown(since version: (major: Int, minor: Int)) -> Bool {
        guard let age else { return false }
        return (age.major, age.minor) <= version
    }
}
