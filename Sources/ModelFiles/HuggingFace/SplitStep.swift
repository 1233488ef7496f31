import OrderedJSON
import Tokenization

/// One step of a tokenizer.json's pre-tokenizer that cuts text, as a pattern.
struct SplitStep {
    private let step: JSONValue

    init(_ step: JSONValue) { self.step = step }

    /// What ByteLevel cuts by, GPT-2's pattern.
    static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    func pattern() throws(ModelFileProblem) -> SplitPattern {
        let type = step["type"]?.string.map(printable) ?? ""
        switch type {
        case "Split": return try split()
        case "Digits": return try Self.pattern(step["individual_digits"]?.bool == true ? #"\p{N}"# : #"\p{N}+"#)
        case "Punctuation" where (step["behavior"]?.string ?? "Isolated") == "Isolated":
            return try Self.pattern(#"[\p{P}!-/:-@\[-`{-~]"#)
        default: throw Self.unsupported("cut by \(type)")
        }
    }

    static func pattern(_ source: String, dropsRest: Bool = false) throws(ModelFileProblem) -> SplitPattern {
        do { return try SplitPattern(source, dropsRest: dropsRest) } catch {
            throw unsupported("cut by the pattern '\(printable(source.utf8))', which \(printable(error.reason.utf8))")
        }
    }

    private func split() throws(ModelFileProblem) -> SplitPattern {
        let source: String
        if let text = step["pattern"]?["Regex"]?.string {
            source = text
        } else if let text = step["pattern"]?["String"]?.string {
            source = Self.quoted(text)
        } else {
            throw Self.unsupported("cut by no pattern")
        }
        let behavior = step["behavior"]?.string ?? ""
        switch (behavior, step["invert"]?.bool ?? false) {
        case ("Isolated", _): return try Self.pattern(source)
        case ("Removed", true): return try Self.pattern(source, dropsRest: true)
        default: throw Self.unsupported("cut and \(printable(behavior.utf8))")
        }
    }

    /// The expression that matches `text` and nothing else.
    private static func quoted(_ text: String) -> String {
        text.unicodeScalars.map { #"\^$.|?*+()[]{}"#.unicodeScalars.contains($0) ? "\\\($0)" : "\($0)" }.joined()
    }

    private static func unsupported(_ what: String) -> ModelFileProblem {
        .unsupportedTokenizer("text \(what)", supported: ["the patterns of published byte-level tokenizers"])
    }
}
