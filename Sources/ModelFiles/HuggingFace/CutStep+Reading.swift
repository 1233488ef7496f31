import OrderedJSON
import Tokenization

extension CutStep {
    /// What ByteLevel cuts by, GPT-2's pattern.
    static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// The steps that one of a tokenizer.json's pre-tokenizers stands for.
    static func steps(_ value: JSONValue) throws(ModelFileProblem) -> [CutStep] {
        let type = value["type"]?.string.map(printable) ?? ""
        switch type {
        case "Split": return [.split(try split(value))]
        case "Digits":
            let isIndividual = value["individual_digits"]?.bool == true
            return [.split(try pattern(isIndividual ? #"\p{N}"# : #"\p{N}+"#))]
        case "Punctuation": return [.split(try pattern(#"[\p{P}!-/:-@\[-`{-~]"#, try behavior(value)))]
        // By Rust's expressions, for which joiners are in words.
        case "Whitespace":
            let words = #"[\w\u200C\u200D]+|[^\w\s\u200C\u200D]+"#
            return [.split(try pattern(words, .removed, isInverted: true))]
        case "WhitespaceSplit": return [.split(try pattern(#"\s"#, .removed))]
        case "CharDelimiterSplit":
            guard let delimiter = value["delimiter"]?.string, !delimiter.isEmpty else {
                throw unsupported("cut by no character")
            }
            return [.split(try quoted(delimiter, .removed))]
        case "Metaspace": return [try metaspace(value)]
        case "ByteLevel":
            var steps: [CutStep] = value["add_prefix_space"]?.bool == true ? [.spacePrefix] : []
            if value["use_regex"]?.bool ?? true { steps.append(.split(try pattern(gpt2))) }
            return steps
        default: throw unsupported("cut by \(type)")
        }
    }

    static func pattern(
        _ source: String, _ behavior: SplitPattern.Behavior = .isolated, isInverted: Bool = false
    ) throws(ModelFileProblem) -> SplitPattern {
        do { return try SplitPattern(source, behavior, isInverted: isInverted) } catch {
            throw unsupported("cut by the pattern '\(printable(source.utf8))', which \(printable(error.reason.utf8))")
        }
    }

    /// The pattern that a tokenizer.json writes as an expression or as a text.
    static func pattern(
        _ value: JSONValue?, _ behavior: SplitPattern.Behavior = .isolated, isInverted: Bool = false
    ) throws(ModelFileProblem) -> SplitPattern {
        if let source = value?["Regex"]?.string { return try pattern(source, behavior, isInverted: isInverted) }
        guard let text = value?["String"]?.string else { throw unsupported("cut by no pattern") }
        return try quoted(text, behavior, isInverted: isInverted)
    }

    private static func quoted(
        _ text: String, _ behavior: SplitPattern.Behavior, isInverted: Bool = false
    ) throws(ModelFileProblem) -> SplitPattern {
        do { return try SplitPattern(text: text, behavior, isInverted: isInverted) } catch {
            throw unsupported("cut by '\(printable(text.utf8))', which \(printable(error.reason.utf8))")
        }
    }

    private static func split(_ value: JSONValue) throws(ModelFileProblem) -> SplitPattern {
        try pattern(value["pattern"], try behavior(value), isInverted: value["invert"]?.bool ?? false)
    }

    private static func behavior(_ value: JSONValue) throws(ModelFileProblem) -> SplitPattern.Behavior {
        let name = value["behavior"]?.string ?? "Isolated"
        guard let behavior = SplitPattern.Behavior(rawValue: name) else {
            throw unsupported("cut and \(printable(name.utf8))")
        }
        return behavior
    }

    private static func metaspace(_ value: JSONValue) throws(ModelFileProblem) -> CutStep {
        guard value["replacement"]?.string?.utf8.elementsEqual("\u{2581}".utf8) == true else {
            throw unsupported("with '\(printable((value["replacement"]?.string ?? "").utf8))' for spaces")
        }
        let prefix: CutStep.MarkPrefix =
            switch value["prepend_scheme"]?.string {
            case "never": .never
            case "first": .first
            case nil: value["add_prefix_space"]?.bool == false ? .never : .always
            default: .always
            }
        return .spaceMarks(prefix, splits: value["split"]?.bool ?? true)
    }

    private static func unsupported(_ what: String) -> ModelFileProblem {
        .unsupportedTokenizer("text \(what)", supported: ["the patterns of published tokenizers"])
    }
}
