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

    /// The parts of a sequence and of those in it, or the one thing that is none.
    private static func flattened(_ value: JSONValue?, _ parts: String) -> [JSONValue] {
        guard let value else { return [] }
        guard type(of: value) == "Sequence" else { return [value] }
        return (value[parts]?.array ?? []).flatMap { flattened($0, parts) }
    }

    private static func type(of value: JSONValue) -> String { value["type"]?.string.map(printable) ?? "" }

    /// Lists of the right kind, still without tokens.
    func lists() throws(ModelFileProblem) -> TokenLists {
        var lists =
            preTokenizers.contains { Self.type(of: $0) == "ByteLevel" } ? try byteLevel() : try sentencePiece()
        lists.normalizesText = !normalizers.isEmpty
        lists.addsBOS = postProcessors.lazy.compactMap(Self.beginsWithSpecialToken).first
        return lists
    }

    private func byteLevel() throws(ModelFileProblem) -> TokenLists {
        let (preTokenizer, steps) = try preTokenizer()
        var lists = TokenLists(model: .byteLevelBPE(preTokenizer))
        lists.rules.steps = steps
        let isComposed = normalizers.map(Self.type(of:)) == ["NFC"]
        lists.rules.composesText = isComposed
        if !isComposed { lists.rules.normalization = try normalization() }
        return lists
    }

    /// One that is known, or the steps that the file has.
    private func preTokenizer() throws(ModelFileProblem) -> (PreTokenizer, [CutStep]) {
        let last = preTokenizers[preTokenizers.count - 1]
        guard Self.type(of: last) == "ByteLevel" else {
            throw unsupported("cut by \(preTokenizers.map(Self.type(of:)).joined(separator: ", "))")
        }
        let usesPattern = last["use_regex"]?.bool ?? true
        if last["add_prefix_space"]?.bool != true {
            switch (preTokenizers.map(Self.type(of:)), usesPattern) {
            case (["ByteLevel"], true): return (.gpt2, [])
            case (["Digits", "ByteLevel"], true) where preTokenizers[0]["individual_digits"]?.bool == true:
                return (.smollm, [])
            case (["Split", "ByteLevel"], false):
                if let known = known(preTokenizers[0]) { return (known, []) }
            default: break
            }
        }
        return (.split, try steps())
    }

    /// The pre-tokenizer that does what a split does.
    private func known(_ split: JSONValue) -> PreTokenizer? {
        // These patterns match all of a text, so that keeping matches alone is keeping everything.
        switch (split["behavior"]?.string, split["invert"]?.bool ?? false) {
        case ("Isolated", _), ("Removed", true): PreTokenizer(pattern: split["pattern"]?["Regex"]?.string ?? "")
        default: nil
        }
    }

    private func steps() throws(ModelFileProblem) -> [CutStep] {
        var steps: [CutStep] = []
        for step in preTokenizers { steps += try CutStep.steps(step) }
        return steps
    }

    private func normalization() throws(ModelFileProblem) -> [NormalizationStep] {
        var steps: [NormalizationStep] = []
        for normalizer in normalizers {
            if let step = try NormalizationStep.step(normalizer) { steps.append(step) }
        }
        return steps
    }

    /// Spaces become U+2581, with or without one more in front; whatever else is done is done step by step.
    private func sentencePiece() throws(ModelFileProblem) -> TokenLists {
        if let lists = usualSentencePiece() { return lists }
        var lists = TokenLists(model: .sentencePiece)
        lists.rules.writesNoMarks = true
        lists.rules.normalization = try normalization()
        lists.rules.steps = try steps()
        let marks = lists.rules.steps.compactMap { if case .spaceMarks(let prefix, _) = $0 { prefix } else { nil } }
        let isMarked = normalizers.contains { Self.marksSpaces($0) }
        guard isMarked || !marks.isEmpty else {
            let cuts = preTokenizers.map(Self.type(of:)).joined(separator: ", ")
            throw unsupported(preTokenizers.isEmpty ? "that leaves text whole" : "cut by \(cuts) that keeps spaces")
        }
        lists.addsSpacePrefix =
            marks.contains { $0 != .never } || normalizers.contains { $0["prepend"]?.bytes == Self.spaceMark }
        return lists
    }

    /// What most models made from SentencePiece's have: a normalizer or a pre-tokenizer that marks spaces, and no more.
    private func usualSentencePiece() -> TokenLists? {
        var lists = TokenLists(model: .sentencePiece)
        for normalizer in normalizers {
            if Self.type(of: normalizer) == "Prepend", normalizer["prepend"]?.bytes == Self.spaceMark {
                lists.addsSpacePrefix = true
                lists.prependsToText = true
            } else if !Self.marksSpaces(normalizer) {
                return nil
            }
        }
        // Where spaces are marked, nothing is left that a split at spaces could cut.
        let others = preTokenizers.filter { normalizers.isEmpty || !Self.splitsSpaces($0) }
        guard let metaspace = others.first else { return normalizers.isEmpty ? nil : lists }
        guard others.count == 1, normalizers.isEmpty,
            case .spaceMarks(let prefix, splits: false)? = try? CutStep.steps(metaspace).first
        else { return nil }
        lists.addsSpacePrefix = prefix != .never
        lists.rules.prefixesStartOnly = prefix == .first
        lists.rules.prefixesBareTextOnly = true
        return lists
    }

    private static func marksSpaces(_ normalizer: JSONValue) -> Bool {
        type(of: normalizer) == "Replace" && normalizer["pattern"]?["String"]?.bytes == [0x20]
            && normalizer["content"]?.bytes == spaceMark
    }

    private static func splitsSpaces(_ preTokenizer: JSONValue) -> Bool {
        type(of: preTokenizer) == "Split" && preTokenizer["pattern"]?["String"]?.bytes == [0x20]
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
}
