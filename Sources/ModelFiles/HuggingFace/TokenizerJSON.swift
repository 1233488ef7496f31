import OrderedJSON
import Tokenization

/// A tokenizer.json of Hugging Face `tokenizers`: byte-level BPE, or BPE made from a SentencePiece model.
struct TokenizerJSON {
    private let settings: HuggingFaceSettings
    private let model: HuggingFaceSettings

    init(_ settings: HuggingFaceSettings) {
        self.settings = settings
        model = HuggingFaceSettings(settings["model"] ?? .null)
    }

    func read() throws(ModelFileProblem) -> TokenLists {
        if let type = try model.text("type"), type != "BPE" {
            throw .unsupportedTokenizer("the tokenizer '\(printable(type))'", supported: ["BPE"])
        }
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let text = try model.text(name), !text.isEmpty {
                throw .unsupportedTokenizer("a BPE model with '\(name)'", supported: ["one without"])
            }
        }
        var lists = try TokenizerRules(settings).lists()
        try lists.addVocabulary(model["vocab"])
        lists.merges = try merges()
        if let text = try model.text("unk_token") { lists.unknown = lists.id(of: Array(text.utf8)) }
        if lists.model == .sentencePiece { markBytes(in: &lists) }
        try addTokens(to: &lists)
        lists.rules.takesWholePieces = try model.flag("ignore_merges") ?? false
        lists.rules.listsMerges = true
        lists.rules.keepsUnknownApart = try model.flag("fuse_unk") == false
        return lists
    }

    /// Merges are texts with a space inside, or pairs.
    private func merges() throws(ModelFileProblem) -> [[UInt8]] {
        guard let list = try model.list("merges") else {
            throw .invalidTokenizer(reason: "the tokenizer has no list of merges")
        }
        var merges: [[UInt8]] = []
        merges.reserveCapacity(list.count)
        for merge in list {
            if let text = merge.bytes {
                merges.append(text)
            } else if let pair = merge.array, pair.count == 2, let left = pair[0].bytes, let right = pair[1].bytes {
                merges.append(left + [UInt8(ascii: " ")] + right)
            } else {
                throw .invalidTokenizer(reason: "merge \(merges.count) is no pair of tokens")
            }
        }
        return merges
    }

    /// Tokens such as `<0x0A>` stand for bytes that no other token spells.
    private func markBytes(in lists: inout TokenLists) {
        guard model["byte_fallback"]?.bool == true else { return }
        for (id, token) in lists.tokens.enumerated() where token.namesByte { lists.kinds[id] = .byte }
    }

    private func addTokens(to lists: inout TokenLists) throws(ModelFileProblem) {
        for token in try settings.list("added_tokens") ?? [] {
            guard let id = token["id"]?.integer else {
                throw .invalidTokenizer(reason: "an added token has no number")
            }
            try lists.add(AddedToken(token), at: id)
        }
    }
}
