import OrderedJSON
import Tokenization

/// Mistral's tekken.json: tokens as bytes in the order in which they merge, and special tokens in front of them.
struct TekkenFile {
    static let name = "tekken.json"

    private let settings: HuggingFaceSettings
    private let configuration: HuggingFaceSettings

    init(_ settings: HuggingFaceSettings) {
        self.settings = settings
        configuration = HuggingFaceSettings(settings["config"] ?? .null)
    }

    func read() throws(ModelFileProblem) -> TokenLists {
        let specialCount = try configuration.size("default_num_special_tokens")
        let count = try configuration.size("default_vocab_size")
        guard specialCount <= count, count < TokenLists.largest else {
            throw .invalidTokenizer(reason: "tekken.json counts \(count) tokens, \(specialCount) of them special")
        }
        var lists = try lists()
        try addSpecial(specialCount, to: &lists)
        try addVocabulary(count - specialCount, after: specialCount, to: &lists)
        lists.rules.joinsTokens = true
        lists.rules.takesWholePieces = true
        lists.rules.composesText = false
        lists.addsBOS = true
        lists.bos = lists.id(of: Array("<s>".utf8))
        lists.eos = lists.id(of: Array("</s>".utf8))
        lists.unknown = lists.id(of: Array("<unk>".utf8))
        lists.padding = lists.id(of: Array("<pad>".utf8))
        return lists
    }

    /// Lists whose text is cut as the file says.
    private func lists() throws(ModelFileProblem) -> TokenLists {
        guard let pattern = try configuration.text("pattern") else { throw .missingSetting("pattern") }
        if let known = PreTokenizer(pattern: pattern) { return TokenLists(model: .byteLevelBPE(known)) }
        var lists = TokenLists(model: .byteLevelBPE(.split))
        lists.rules.steps = [.split(try CutStep.pattern(pattern))]
        return lists
    }

    /// The special tokens that the file lists, or that files of the time before they did so have, and places for others.
    private func addSpecial(_ count: Int, to lists: inout TokenLists) throws(ModelFileProblem) {
        for id in 0..<count { try lists.set(id, Array("<SPECIAL_\(id)>".utf8), .control) }
        guard let listed = try settings.list("special_tokens") else {
            for (id, text) in Self.unlisted.prefix(count).enumerated() { try lists.set(id, Array(text.utf8), .control) }
            return
        }
        for token in listed {
            guard let id = token["rank"]?.integer, (0..<count).contains(id), let text = token["token_str"]?.bytes else {
                throw .invalidTokenizer(reason: "a special token of tekken.json has no text or no place")
            }
            try lists.set(id, text, token["is_control"]?.bool == false ? .userDefined : .control)
        }
    }

    private func addVocabulary(
        _ count: Int, after specialCount: Int, to lists: inout TokenLists
    ) throws(ModelFileProblem) {
        guard let vocabulary = try settings.list("vocab"), vocabulary.count >= count else {
            throw .invalidTokenizer(reason: "tekken.json lists fewer than the \(count) tokens that it counts")
        }
        for (rank, token) in vocabulary.prefix(count).enumerated() {
            guard token["rank"]?.integer ?? rank == rank, let text = token["token_bytes"]?.string,
                let bytes = Base64.decoded(text), !bytes.isEmpty
            else { throw .invalidTokenizer(reason: "token \(rank) of tekken.json has no bytes or another place") }
            try lists.set(specialCount + rank, ByteAlphabet.encoded(bytes), .normal)
        }
    }

    private static let unlisted = [
        "<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]",
        "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]", "[PREFIX]", "[MIDDLE]",
        "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]",
    ]
}
