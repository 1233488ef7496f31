import Tokenization

/// What the files beside a tokenizer's own say about its tokens: tokenizer_config.json, special_tokens_map.json,
/// added_tokens.json, config.json and generation_config.json.
struct TokenizerSettings {
    private let tokenizer: HuggingFaceSettings
    private let added: HuggingFaceSettings
    private let special: SpecialTokens
    /// The files that name ids, the one that counts first.
    private let models: [HuggingFaceSettings]

    init(_ folder: String) throws(ModelFileProblem) {
        func settings(_ name: String) throws(ModelFileProblem) -> HuggingFaceSettings {
            do { return try HuggingFaceSettings(name, in: folder) ?? HuggingFaceSettings(.null) } catch {
                throw error.problem
            }
        }
        tokenizer = try settings("tokenizer_config.json")
        added = try settings("added_tokens.json")
        special = try SpecialTokens(tokenizer: tokenizer, map: try settings("special_tokens_map.json"))
        models = [try settings("generation_config.json"), try settings("config.json")]
    }

    /// Adds what the settings know besides the tokenizer's own file.
    func complete(_ lists: inout TokenLists) throws(ModelFileProblem) {
        try addTokens(to: &lists)
        for token in special.tokens { try lists.addSpecial(token) }
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
        if lists.model == .sentencePiece { try completePrefix(of: &lists) }
    }

    /// Tokens beside the tokenizer's own file; added_tokens.json counts where tokenizer_config.json lists none.
    private func addTokens(to lists: inout TokenLists) throws(ModelFileProblem) {
        if let decoder = tokenizer["added_tokens_decoder"]?.object {
            for member in decoder.members {
                guard let id = Int(member.key) else { continue }
                try lists.add(AddedToken(member.value), at: id)
            }
            return
        }
        for member in added.root.object?.members ?? [] {
            guard let id = member.value.integer else {
                throw .invalidTokenizer(reason: "the added token '\(printable(member.key.utf8))' has no number")
            }
            let text = Array(member.key.utf8)
            if lists.hasAdded(text, at: id) { continue }
            let named = special.tokens.first { $0.token.text == text }?.token
            try lists.add(named ?? AddedToken(text, isSpecial: false), at: id)
        }
    }

    /// Which texts get a space in front. A SentencePiece model whose settings say `legacy: false` gives one to the
    /// beginning of a text alone, and none to what begins with a space.
    private func completePrefix(of lists: inout TokenLists) throws(ModelFileProblem) {
        if let prefix = try tokenizer.flag("add_prefix_space") { lists.addsSpacePrefix = prefix }
        guard lists.merges.isEmpty, !lists.rules.listsMerges, try tokenizer.flag("legacy") == false else { return }
        lists.rules.prefixesStartOnly = true
        lists.rules.prefixesBareTextOnly = true
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
        if let text = special.text(of: role), let id = lists.id(of: text) { return id }
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
