/// A token's number in its vocabulary.
public typealias TokenID = Int32

/// What a token is for; the raw values are those of GGUF's `tokenizer.ggml.token_type`.
public enum TokenKind: UInt8, Sendable {
    /// A piece of text.
    case normal = 1
    /// Stands for text that the vocabulary cannot spell.
    case unknown
    /// Structure rather than text (`<s>`, `<|im_end|>`); text never becomes one unless the caller asks for it.
    case control
    /// Text that is always one token, whatever stands around it.
    case userDefined
    /// A place holder that no text should end up as.
    case unused
    /// One byte of text that no other token covers, written `<0x0A>`.
    case byte
}

/// How text becomes tokens; GGUF's `tokenizer.ggml.model`.
public enum VocabularyModel: Sendable, Equatable {
    /// `llama`: SentencePiece BPE, merges ordered by token score, unknown characters spelt as bytes.
    case sentencePiece
    /// `gpt2`: byte-level BPE, merges listed in order, never across the pieces that the pre-tokenizer cuts.
    case byteLevelBPE(PreTokenizer)
}

/// The rule that cuts text into pieces before byte-level BPE; the raw values are GGUF's `tokenizer.ggml.pre`.
public enum PreTokenizer: String, Sendable, CaseIterable {
    case llamaBPE = "llama-bpe"
    case smollm
    case qwen2
    case gpt2 = "gpt-2"
    /// Mistral Nemo and later.
    case tekken
    /// Phi 4 mini.
    case gpt4o = "gpt-4o"
    case standard = "default"
    /// The patterns that the vocabulary's rules hold.
    case split

    /// Llama 3 takes a piece that is a token as a whole as that token, even where no merges lead to it.
    public var takesWholePieces: Bool { self == .llamaBPE }

    /// Qwen 2 composes text (Unicode's normalization form C) first.
    public var composesText: Bool { self == .qwen2 }
}
