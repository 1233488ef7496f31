/// What a model's files say about its tokenizer and chat template; works without weights.
public struct TokenizerSummary: Sendable, Encodable {
    /// GGUF's name of the kind (`llama`, `gpt2`); nil where there is no tokenizer.
    public let model: String?
    public let preTokenizer: String?
    public let tokenCount: Int
    public let mergeCount: Int
    public let bos: Int?
    public let eos: Int?
    /// The chat template's Jinja source.
    public let chatTemplate: String?

    init(
        model: String?, preTokenizer: String?, tokenCount: Int, mergeCount: Int, bos: Int?, eos: Int?,
        chatTemplate: String?
    ) {
        self.model = model
        self.preTokenizer = preTokenizer
        self.tokenCount = tokenCount
        self.mergeCount = mergeCount
        self.bos = bos
        self.eos = eos
        self.chatTemplate = chatTemplate
    }

    public init(_ file: GGUFFile) {
        func value(_ name: String) -> GGUFValue? { file["tokenizer.ggml.\(name)"] }
        model = value("model")?.text.map(printable)
        preTokenizer = value("pre")?.text.map(printable)
        tokenCount = value("tokens")?.elementCount ?? 0
        mergeCount = value("merges")?.elementCount ?? 0
        bos = value("bos_token_id")?.integer
        eos = value("eos_token_id")?.integer
        chatTemplate = file.chatTemplate
    }

    /// Two lines of text, the label and the fact in each.
    public var lines: [String] { [row("tokenizer", tokenizerText), row("chat template", templateText)] }

    private var tokenizerText: String {
        guard let model else { return "none" }
        let kind =
            switch model {
            case "llama": "SentencePiece BPE"
            case "gpt2": "byte-level BPE, pre-tokenizer \(preTokenizer ?? "not named")"
            default: "\(model) (not supported)"
            }
        var text = "\(kind), \(tokenCount) tokens"
        if mergeCount > 0 { text += ", \(mergeCount) merges" }
        if let bos { text += ", BOS \(bos)" }
        if let eos { text += ", EOS \(eos)" }
        return text
    }

    private var templateText: String {
        chatTemplate.map { "\($0.utf8.count) bytes of Jinja" } ?? "none"
    }
}
