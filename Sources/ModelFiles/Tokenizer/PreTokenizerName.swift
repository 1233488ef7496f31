import Tokenization

/// A name that GGUF's `tokenizer.ggml.pre` may hold, by what llama.cpp does with text under it.
struct PreTokenizerName {
    let pattern: PreTokenizer
    /// Whether a piece that is a token as a whole becomes it, even where no merges lead to it.
    var takesWholePieces = false
    /// Whether a prompt begins with BOS where the file does not say.
    var addsBOS = false
    /// nil: as the models do for which the pattern was made.
    var composesText: Bool?
    /// Those of ``PreTokenizer/split``.
    private(set) var steps: [CutStep] = []
    /// Whether text is not byte-level at all: spaces become U+2581, and characters that no token spells bytes.
    private(set) var marksSpaces = false

    init?(_ name: String) {
        if let steps = NamedPatterns.steps(name) {
            self.init(
                .split, wholePieces: NamedPatterns.takingWholePieces.contains(name),
                bos: NamedPatterns.addingBOS.contains(name), composes: false)
            self.steps = steps
            return
        }
        if Self.marking.contains(name), let lines = try? SplitPattern(#"[^\n]+|[\n]+"#) {
            self.init(.split)
            (steps, marksSpaces) = ([.split(lines)], true)
            return
        }
        for (names, kind) in Self.kinds where names.contains(name) {
            self = kind
            return
        }
        return nil
    }

    private init(_ pattern: PreTokenizer, wholePieces: Bool = false, bos: Bool = false, composes: Bool? = nil) {
        self.pattern = pattern
        (takesWholePieces, addsBOS, composesText) = (wholePieces, bos, composes)
    }

    /// All names that are read.
    static var all: [String] { names + NamedPatterns.all.flatMap(\.names) + marking }

    /// Those of ``PreTokenizer``'s own scanners.
    static var names: [String] { kinds.flatMap(\.names) }

    private static let marking = ["gemma4", "granite-embed-multi-311m", "sarvam-moe"]

    static let kinds: [(names: [String], kind: PreTokenizerName)] = [
        (
            [
                "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2",
                "jina-v5-nano",
            ], PreTokenizerName(.llamaBPE, wholePieces: true, bos: true)
        ),
        (["smaug-bpe", "dbrx", "chatglm-bpe", "glm4"], PreTokenizerName(.llamaBPE)),
        (
            [
                "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2",
            ], PreTokenizerName(.smollm)
        ),
        (["qwen2", "deepseek-r1-qwen"], PreTokenizerName(.qwen2)),
        (
            ["kormo", "f2llmv2", "megrez", "stablelm2", "hunyuan", "solar-open", "grok-2"],
            PreTokenizerName(.qwen2, composes: false)
        ),
        (
            [
                "gpt-2", "phi-2", "exaone4", "mpt", "olmo", "jais", "trillion", "granite-docling", "gigachat",
                "a.x-4.0", "mellum", "modern-bert", "roberta-bpe", "jina-es", "jina-de", "jina-v1-en", "jina-v2-es",
                "jina-v2-de", "jina-v2-code",
            ], PreTokenizerName(.gpt2)
        ),
        (["tekken"], PreTokenizerName(.tekken, wholePieces: true, bos: true)),
        (["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"], PreTokenizerName(.gpt4o)),
        (["granite-embed-multi-97m"], PreTokenizerName(.gpt4o, wholePieces: true)),
        (["default"], PreTokenizerName(.standard)),
    ]
}
