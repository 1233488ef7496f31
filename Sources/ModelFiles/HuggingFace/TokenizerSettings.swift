import Tokenization

/// What tokenizer_config.json, config.json and generation_config.json say about special tokens.
struct TokenizerSettings {
    private let tokenizer: HuggingFaceSettings
    /// The files that name ids, the one that counts first.
    private let models: [HuggingFaceSettings]

    init(_ folder: String) throws(ModelFileProblem) {
        func settings(_ name: String) throws(ModelFileProblem) -> HuggingFaceSettings {
            do { return try HuggingFaceSettings(name, in: folder) ?? HuggingFaceSettings(.null) } catch {
                throw error.problem
            }
        }
        tokenizer = try settings("tokenizer_config.json")
        models = [try settings("generation_config.json"), try settings("config.json")]
    }

    /// Adds what the settings know besides the tokenizer's own file.
    func complete(_ lists: inout TokenLists, limit: Int?) throws(ModelFileProblem) {
        for member in tokenizer["added_tokens_decoder"]?.object?.members ?? [] {
            guard let id = Int(member.key) else { continue }
            try lists.add(AddedToken(member.value), at: id, limit: limit)
        }
        lists.bos = id("bos", lists) ?? lists.bos
        lists.eos = id("eos", lists) ?? lists.eos
        lists.padding = id("pad", lists) ?? lists.padding
        lists.unknown = id("unk", lists) ?? lists.unknown
        if lists.model == .sentencePiece, let unknown = lists.unknown, lists.tokens.indices.contains(Int(unknown)) {
            lists.kinds[Int(unknown)] = .unknown
        }
        let isLlama = tokenizer["tokenizer_class"]?.string?.hasPrefix("LlamaTokenizer") ?? (lists.merges.isEmpty)
        lists.addsBOS = try tokenizer.flag("add_bos_token") ?? lists.addsBOS ?? isLlama
        lists.addsEOS = try tokenizer.flag("add_eos_token") ?? false
        if lists.model == .sentencePiece, let prefix = try tokenizer.flag("add_prefix_space") {
            lists.addsSpacePrefix = prefix
        }
    }

    /// All tokens that somebody says end an answer.
    func endOfGeneration(_ lists: TokenLists) -> Set<TokenID> {
        var ends = EndTokens.known(lists.tokens, lists.kinds)
        if let eos = lists.eos { ends.insert(eos) }
        for settings in models { ends.formUnion(ids("eos_token_id", settings, lists)) }
        return ends
    }

    /// The token of a role: by its text, else by the number that a model's settings give.
    private func id(_ role: String, _ lists: TokenLists) -> TokenID? {
        let token = tokenizer["\(role)_token"]
        if let text = token?.bytes ?? token?["content"]?.bytes, let id = lists.id(of: text) { return id }
        return models.lazy.compactMap { ids("\(role)_token_id", $0, lists).first }.first
    }

    /// One number or a list of them; those that are no tokens count as absent.
    private func ids(_ name: String, _ settings: HuggingFaceSettings, _ lists: TokenLists) -> [TokenID] {
        guard let value = settings[name] else { return [] }
        return (value.array ?? [value]).compactMap(\.integer).filter(lists.tokens.indices.contains).map {
            TokenID($0)
        }
    }
}
