import OrderedJSON
import Tokenization

extension NormalizationStep {
    /// What one of a tokenizer.json's normalizers does; nil where that is nothing.
    static func step(_ value: JSONValue) throws(ModelFileProblem) -> NormalizationStep? {
        let type = value["type"]?.string.map(printable) ?? ""
        switch type {
        case "NFC": return .nfc
        case "NFD": return .nfd
        case "NFKC": return .nfkc
        case "NFKD": return .nfkd
        case "Lowercase": return .lowercased
        case "StripAccents": return .withoutMarks
        case "Strip":
            return .stripped(left: value["strip_left"]?.bool ?? true, right: value["strip_right"]?.bool ?? true)
        case "Prepend":
            guard let prefix = value["prepend"]?.bytes else { throw unsupported("with nothing in front") }
            return prefix.isEmpty ? nil : .prefixed(prefix)
        case "Replace":
            guard let content = value["content"]?.bytes else { throw unsupported("normalized by Replace with nothing") }
            return .replaced(try CutStep.pattern(value["pattern"]), content)
        default: throw unsupported("normalized by \(type)")
        }
    }

    private static func unsupported(_ what: String) -> ModelFileProblem {
        .unsupportedTokenizer(
            "text \(what)",
            supported: ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Strip", "Prepend", "Replace"])
    }
}
