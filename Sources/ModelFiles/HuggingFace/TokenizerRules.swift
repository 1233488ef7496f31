import OrderedJSON
import Tokenization

/// What a tokenizer.json does to text before it merges: normalizer and pre-tokenizer, recognised as one of those that
/// models have. Another is an error, never a guess.
struct TokenizerRules {
    private let normalizers: [JSONValue]
    private let preTokenizers: [JSONValue]
    private let postProcessors: [JSONValue]

    init(_ settings: HuggingFaceSettings) {
        normalizers = Self.flattened(settings["normalizer"], "normalizers")
        preTokenizers = Self.flattened(settings["pre_tokenizer"], "pretokenizers")
        postProcessors = Self.flattened(settings["post_processor"], "processors")
    }

    /// The parts of a sequence, or the one thing that is none.
    private static func flattened(_ value: JSONValue?, _ parts: String) -> [JSONValue] {
        guard let value else { return [] }
        return type(of: value) == "Sequence" ? value[parts]?.array ?? [] : [value]
    }

    private static func type(of value: JSONValue) -> String { value["type"]?.string.map(printable) ?? "" }

    /// Lists of the right kind, still without tokens.
    func lists() throws(ModelFileProblem) -> TokenLists {
        var lists =
            preTokenizers.contains { Self.type(of: $0) == "ByteLevel" } ? try byteLevel() : try sentencePiece()
        lists.addsBOS = postProcessors.lazy.compactMap(Self.beginsWithSpecialToken).first
        return lists
    }

    private func byteLevel() throws(ModelFileProblem) -> TokenLists {
        guard preTokenizers.allSatisfy({ $0["add_prefix_space"]?.bool != true }) else {
            throw unsupported("with a space before each text")
        }
        let (preTokenizer, patterns) = try preTokenizer()
        var lists = TokenLists(model: .byteLevelBPE(preTokenizer))
        lists.rules.patterns = patterns
        switch normalizers.map(Self.type(of:)) {
        case []: lists.rules.composesText = false
        case ["NFC"]: lists.rules.composesText = true
        case let others: throw unsupported("normalized by \(others.joined(separator: ", "))")
        }
        return lists
    }

    /// One that is known, or the patterns that the file has.
    private func preTokenizer() throws(ModelFileProblem) -> (PreTokenizer, [SplitPattern]) {
        let last = preTokenizers.last!
        let usesPattern = last["use_regex"]?.bool ?? true
        switch (preTokenizers.map(Self.type(of:)), usesPattern) {
        case (["ByteLevel"], true): return (.gpt2, [])
        case (["Digits", "ByteLevel"], true) where preTokenizers[0]["individual_digits"]?.bool == true:
            return (.smollm, [])
        case (["Split", "ByteLevel"], false):
            if let known = Self.patterns[preTokenizers[0]["pattern"]?["Regex"]?.string ?? ""] { return (known, []) }
        default: break
        }
        guard Self.type(of: last) == "ByteLevel" else {
            throw unsupported("cut by \(preTokenizers.map(Self.type(of:)).joined(separator: ", "))")
        }
        var patterns: [SplitPattern] = []
        for step in preTokenizers.dropLast() { patterns.append(try SplitStep(step).pattern()) }
        if usesPattern { patterns.append(try SplitStep.pattern(SplitStep.gpt2)) }
        return (.split, patterns)
    }

    /// Spaces become U+2581, with or without one more in front.
    private func sentencePiece() throws(ModelFileProblem) -> TokenLists {
        var lists = TokenLists(model: .sentencePiece)
        for normalizer in normalizers {
            switch Self.type(of: normalizer) {
            case "Prepend" where normalizer["prepend"]?.bytes == Self.spaceMark:
                lists.addsSpacePrefix = true
                lists.prependsToText = true
            case "Replace"
            where normalizer["pattern"]?["String"]?.bytes == [0x20] && normalizer["content"]?.bytes == Self.spaceMark:
                break
            case let other: throw unsupported("normalized by \(other)")
            }
        }
        guard let metaspace = preTokenizers.first else {
            guard !normalizers.isEmpty else { throw unsupported("that leaves text whole") }
            return lists
        }
        guard preTokenizers.count == 1, normalizers.isEmpty, Self.type(of: metaspace) == "Metaspace",
            metaspace["split"]?.bool == false, metaspace["replacement"]?.bytes == Self.spaceMark
        else { throw unsupported("cut by \(preTokenizers.map(Self.type(of:)).joined(separator: ", "))") }
        let scheme = metaspace["prepend_scheme"]?.string ?? "always"
        lists.addsSpacePrefix = scheme != "never"
        lists.rules.prefixesStartOnly = scheme == "first"
        lists.rules.prefixesBareTextOnly = true
        return lists
    }

    /// Whether a template puts a special token before the text; nil where this is no template.
    private static func beginsWithSpecialToken(_ processor: JSONValue) -> Bool? {
        guard type(of: processor) == "TemplateProcessing" else { return nil }
        return processor["single"]?.array?.first?["SpecialToken"] != nil
    }

    private func unsupported(_ what: String) -> ModelFileProblem {
        .unsupportedTokenizer(
            "text \(what)", supported: PreTokenizer.allCases.map(\.rawValue) + ["SentencePiece"])
    }

    private static let spaceMark: [UInt8] = [0xE2, 0x96, 0x81]

    /// The patterns that models cut text by.
    private static let patterns: [String: PreTokenizer] = {
        let contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
        let (mark, newline, rest) = (#"| ?[^\s\p{L}\p{N}]+"#, #"[\r\n]*"#, #"|\s*[\r\n]+|\s+(?!\S)|\s+"#)
        let word = contraction + #"|[^\r\n\p{L}\p{N}]?\p{L}+|"#
        let (upper, lower) = (#"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#, #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#)
        func cased(_ end: String) -> String {
            let before = #"[^\r\n\p{L}\p{N}]?"#
            return "\(before)\(upper)*\(lower)+\(end)|\(before)\(upper)+\(lower)*\(end)|"
        }
        let (digit, digits) = (#"\p{N}"#, #"\p{N}{1,3}"#)
        return [
            word + digits + mark + newline + rest: .llamaBPE,
            word + digit + mark + newline + rest: .qwen2,
            cased("") + digit + mark + #"[\r\n/]*"# + rest: .tekken,
            cased(contraction + "?") + digits + mark + #"[\r\n/]*"# + rest: .gpt4o,
        ]
    }()
}
