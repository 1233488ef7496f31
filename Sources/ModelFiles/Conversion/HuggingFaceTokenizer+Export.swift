import Tokenization

extension HuggingFaceTokenizer {
    /// The tokenizer as a GGUF's `tokenizer.*` keys.
    ///
    /// - Parameter count: the rows of the model's embedding.
    func exportedMetadata(count: Int) throws(ModelFileError) -> [(key: String, value: GGUFValue)] {
        var (lists, ends) = try lists(count: count)
        lists.cut(to: count)
        ends = ends.filter { $0 < count }
        var metadata: [(key: String, value: GGUFValue)] = []
        func add(_ name: String, _ value: GGUFValue?) {
            if let value { metadata.append(("tokenizer.ggml.\(name)", value)) }
        }
        func id(_ token: TokenID?) -> GGUFValue? { token.map { .uint32(UInt32($0)) } }
        switch lists.model {
        case .sentencePiece:
            guard !lists.rules.writesNoMarks else { throw unexportable("text that is normalized or cut in ways") }
            add("model", .string("llama"))
            add("pre", .string("default"))
            add("scores", .floats(lists.mergeScores ?? lists.scores))
            add("add_space_prefix", .bool(lists.addsSpacePrefix))
        case .byteLevelBPE(let preTokenizer):
            add("model", .string("gpt2"))
            guard let name = lists.preTokenizerName(preTokenizer) else {
                throw unexportable("text normalized, cut or merged in ways")
            }
            add("pre", .string(name))
            add("merges", .texts(lists.rules.joinsTokens ? lists.joins : lists.merges))
        }
        add("tokens", .texts(lists.tokens))
        add("token_type", .int32s(lists.kinds.map { Int32($0.rawValue) }))
        add("bos_token_id", id(lists.bos))
        add("eos_token_id", id(lists.eos))
        // The keys for ends of turns and of messages take ends that readers do not know by their texts. Where there are more
        // of them, all stand in a list, which not all readers know.
        let unnamed = ends.subtracting(EndTokens.known(lists.tokens, lists.kinds)).subtracting(
            lists.eos.map { [$0] } ?? []
        ).sorted()
        add("eot_token_id", id(unnamed.first))
        add("eom_token_id", id(unnamed.dropFirst().first))
        if unnamed.count > 2 { add("eos_token_ids", .int32s(ends.sorted())) }
        add("unknown_token_id", id(lists.unknown))
        add("padding_token_id", id(lists.padding))
        add("add_bos_token", .bool(lists.addsBOS ?? false))
        add("add_eos_token", .bool(lists.addsEOS ?? false))
        if let chatTemplate { metadata.append(("tokenizer.chat_template", .string(chatTemplate))) }
        if let template = chatTemplate(named: "tool_use") {
            metadata.append(("tokenizer.chat_template.tool_use", .string(template)))
        }
        return metadata
    }

    private func unexportable(_ what: String) -> ModelFileError {
        ModelFileError(
            path: folder,
            problem: .unsupportedTokenizer("\(what) that GGUF has no name for", supported: PreTokenizerName.all))
    }
}

extension TokenLists {
    /// SentencePiece's scores where the file has merges in their place: a token is worth as much as the first merge that
    /// makes it, and one that no merge makes is never asked for its score. nil where there are no merges.
    fileprivate var mergeScores: [Float]? {
        guard !merges.isEmpty else { return nil }
        var ids: [[UInt8]: Int] = [:]
        for (id, token) in tokens.enumerated() where kinds[id] == .normal { ids[token] = id }
        var scores = [Float](repeating: -Float(merges.count), count: tokens.count)
        for (rank, merge) in merges.enumerated().reversed() {
            guard let space = merge.firstIndex(of: 0x20) else { continue }
            if let id = ids[Array(merge[..<space]) + merge[(space + 1)...]] { scores[id] = -Float(rank) }
        }
        return scores
    }
}
