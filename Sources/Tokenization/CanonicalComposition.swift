/// Unicode's normalization form C (Unicode Standard Annex 15), as the reference's normalizer sees it.
enum CanonicalComposition {
    /// The Unicode version of the reference's tables (`tokenizers` 0.23). Characters that came later neither
    /// decompose, compose nor move in it; for those it knows, normalization is stable.
    static let version = (major: 9, minor: 0)

    /// The composed form of `text`, or nil where `text` is composed already.
    static func composed(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        // Nothing below U+0300 composes with what stands before it, and UTF-8 begins all else with CC or more.
        guard let first = text.firstIndex(where: { $0 >= 0xCC }) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        // What the standard library is to compose next.
        var composable: [UInt8] = []
        var (start, index) = (0, first)
        while index < text.count {
            let (value, next) = ClassifiedText.value(at: index, before: text.count, in: text)
            if let parts = parts(of: value) {
                // Composed together with what stands around them.
                composable.append(contentsOf: text[start..<index])
                composable += parts
                start = next
            } else if value >= 0x300, let scalar = Unicode.Scalar(value), !scalar.properties.isKnown(since: version) {
                composable.append(contentsOf: text[start..<index])
                appendComposed(composable, to: &result)
                composable.removeAll(keepingCapacity: true)
                result.append(contentsOf: text[index..<next])
                start = next
            }
            index = next
        }
        composable.append(contentsOf: text[start...])
        appendComposed(composable, to: &result)
        return result.elementsEqual(text) ? nil : result
    }

    /// The canonical decompositions, in UTF-8, of the three starters that decompose to marks only. The standard library
    /// does not bring those marks into canonical order with marks that stand before them.
    private static func parts(of value: UInt32) -> [UInt8]? {
        switch value {
        case 0x0F73: [0xE0, 0xBD, 0xB1, 0xE0, 0xBD, 0xB2]
        case 0x0F75: [0xE0, 0xBD, 0xB1, 0xE0, 0xBD, 0xB4]
        case 0x0F81: [0xE0, 0xBD, 0xB1, 0xE0, 0xBE, 0x80]
        default: nil
        }
    }

    /// Appends the form C of characters that the reference knows, as the standard library composes them.
    private static func appendComposed(_ text: [UInt8], to result: inout [UInt8]) {
        guard text.contains(where: { $0 >= 0xCC }) else { return result.append(contentsOf: text) }
        String(decoding: text, as: UTF8.self)._withNFCCodeUnits { result.append($0) }
    }
}
