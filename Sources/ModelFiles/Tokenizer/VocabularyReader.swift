import Tokenization

/// Reads the `tokenizer.ggml.*` keys of one file.
struct VocabularyReader {
    private let file: GGUFFile

    init(_ file: GGUFFile) { self.file = file }

    func read() throws(ModelFileProblem) -> Vocabulary {
        let (model, preTokenizer) = try model()
        guard let tokens = value("tokens")?.texts else {
            throw .invalidTokenizer(reason: "the list of tokens ('\(key("tokens"))') is missing")
        }
        // One with a pre-tokenizer is made of BPE's merges.
        let isSentencePiece = model == .sentencePiece && preTokenizer == nil
        let kinds = try kinds(tokens, model == .sentencePiece)
        let eos = try id("eos_token_id", count: tokens.count) ?? (isSentencePiece && tokens.count > 2 ? 2 : nil)
        do {
            return try Vocabulary(
                model: model, tokens: tokens,
                scores: try isSentencePiece ? scores() : tokens.map { _ in 0 }, kinds: kinds,
                merges: isSentencePiece ? [] : try merges(),
                bos: try id("bos_token_id", count: tokens.count) ?? (isSentencePiece && tokens.count > 1 ? 1 : nil),
                eos: eos, unknown: try id("unknown_token_id", count: tokens.count) ?? (isSentencePiece ? 0 : nil),
                padding: try id("padding_token_id", count: tokens.count),
                endOfGeneration: try endOfGeneration(tokens, kinds, eos: eos),
                addsBOS: try flag("add_bos_token") ?? preTokenizer?.addsBOS ?? true,
                addsEOS: try flag("add_eos_token") ?? false,
                addsSpacePrefix: try flag("add_space_prefix") ?? isSentencePiece,
                rules: rules(preTokenizer, tokens, kinds))
        } catch let problem as ModelFileProblem {
            throw problem
        } catch let error as VocabularyError {
            throw .unusableVocabulary(error)
        } catch { throw .invalidTokenizer(reason: "\(error)") }
    }

    private func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }

    private func value(_ name: String) -> GGUFValue? { file[key(name)] }

    /// The kind of vocabulary, and how a byte-level one cuts text.
    private func model() throws(ModelFileProblem) -> (VocabularyModel, PreTokenizerName?) {
        guard let model = value("model")?.text.map(printable), model != "no_vocab", model != "none" else {
            throw .noTokenizer
        }
        switch model {
        case "llama": return (.sentencePiece, nil)
        case "gpt2", "gemma4":
            let preTokenizer = try preTokenizer(model == "gemma4" ? model : nil)
            return (preTokenizer.marksSpaces ? .sentencePiece : .byteLevelBPE(preTokenizer.pattern), preTokenizer)
        default: throw .unsupportedTokenizer("the tokenizer '\(model)'", supported: ["llama", "gpt2", "gemma4"])
        }
    }

    /// The one that the kind of vocabulary says, or that the file names; files from before 2024-05 name none.
    private func preTokenizer(_ known: String?) throws(ModelFileProblem) -> PreTokenizerName {
        let name = known ?? value("pre")?.text.map(printable) ?? PreTokenizer.standard.rawValue
        if let preTokenizer = PreTokenizerName(name) { return preTokenizer }
        throw .unsupportedTokenizer("the pre-tokenizer '\(name)'", supported: PreTokenizerName.all)
    }

    /// What the file says of each token; tokens that all models end turns with are control tokens whatever it says.
    private func kinds(_ tokens: [[UInt8]], _ isSentencePiece: Bool) throws(ModelFileProblem) -> [TokenKind] {
        var kinds: [TokenKind]
        if let list = value("token_type") {
            guard let numbers = list.integers else {
                throw .invalidTokenizer(reason: "'\(key("token_type"))' is no list of integers")
            }
            kinds = numbers.map { UInt8(exactly: $0).flatMap(TokenKind.init) ?? .normal }
        } else {
            kinds = tokens.map { isSentencePiece && $0.namesByte ? .byte : .normal }
        }
        for id in EndTokens.known(tokens, kinds) { kinds[Int(id)] = .control }
        return kinds
    }

    /// User-defined tokens are added ones, but for runs of U+2581, which are SentencePiece's own. Phi 3's special tokens
    /// swallow the white space after them, which its files do not say.
    private func rules(
        _ preTokenizer: PreTokenizerName?, _ tokens: [[UInt8]], _ kinds: [TokenKind]
    ) -> VocabularyRules {
        var rules = VocabularyRules()
        if let preTokenizer {
            rules.takesWholePieces = preTokenizer.takesWholePieces
            rules.composesText = preTokenizer.composesText
            rules.steps = preTokenizer.steps
            guard preTokenizer.marksSpaces, let spaces = try? SplitPattern(text: " ") else { return rules }
            rules.writesNoMarks = true
            rules.listsMerges = true
            rules.normalization = [.replaced(spaces, Self.spaceMark)]
            for (id, kind) in kinds.enumerated() where kind == .userDefined { rules.addedTokens.insert(TokenID(id)) }
            return rules
        }
        let isPhi3 = file["general.architecture"]?.string == "phi3"
        for (id, (token, kind)) in zip(tokens, kinds).enumerated() where kind == .control || kind == .userDefined {
            if kind == .userDefined, !token.contains(Self.spaceMark) { rules.addedTokens.insert(TokenID(id)) }
            if isPhi3, Self.stripsRightInPhi3(token) { rules.stripsRight.insert(TokenID(id)) }
        }
        return rules
    }

    private static let spaceMark: [UInt8] = [0xE2, 0x96, 0x81]

    private static func stripsRightInPhi3(_ token: [UInt8]) -> Bool {
        token.elementsEqual("</s>".utf8)
            || token.starts(with: "<|".utf8) && !token.elementsEqual("<|endoftext|>".utf8)
    }

    private func scores() throws(ModelFileProblem) -> [Float] {
        guard let list = value("scores") else {
            throw .invalidTokenizer(reason: "the tokens' scores ('\(key("scores"))') are missing")
        }
        guard let scores = list.floats else {
            throw .invalidTokenizer(reason: "'\(key("scores"))' is no list of numbers")
        }
        return scores
    }

    private func merges() throws(ModelFileProblem) -> [[UInt8]] {
        guard let merges = value("merges")?.texts else {
            throw .invalidTokenizer(reason: "the list of merges ('\(key("merges"))') is missing")
        }
        return merges
    }

    /// A token's id. Many files hold a padding or unknown id outside the vocabulary; those count as absent.
    private func id(_ name: String, count: Int) throws(ModelFileProblem) -> TokenID? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer else { throw .invalidValue(key: key(name), reason: "is no integer") }
        return (0..<count).contains(number) ? TokenID(exactly: number) : nil
    }

    private func flag(_ name: String) throws(ModelFileProblem) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool else { throw .invalidValue(key: key(name), reason: "is neither true nor false") }
        return flag
    }

    /// The ends that the file names, and tokens with the texts that models are known to end turns with.
    private func endOfGeneration(
        _ tokens: [[UInt8]], _ kinds: [TokenKind], eos: TokenID?
    ) throws(ModelFileProblem) -> Set<TokenID> {
        var ends: Set<TokenID> = []
        if let eos { ends.insert(eos) }
        for name in ["eot_token_id", "eom_token_id"] {
            if let id = try id(name, count: tokens.count) { ends.insert(id) }
        }
        for number in value("eos_token_ids")?.integers ?? [] where (0..<tokens.count).contains(number) {
            ends.insert(TokenID(number))
        }
        return ends.union(EndTokens.known(tokens, kinds))
    }
}
