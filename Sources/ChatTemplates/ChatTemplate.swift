import Tokenization

/// A model's own chat template: messages to a prompt.
///
/// Today a template is recognised as one of three formats, whose details (default system message, date header, trimming)
/// are read from its text; what it would render, these render to the byte. Another template is an error, never a guess.
///
/// A later turn renders the whole conversation anew. Since a template only ever appends, the new prompt begins with the
/// ids of the last one wherever an answer's text encodes to the tokens that were sampled, and the engine keeps the KV
/// cache of that common prefix.
public struct ChatTemplate: Sendable {
    /// The format that the template was recognised as.
    public let format: ChatFormat

    /// - Parameter source: the template's Jinja source as the model carries it; nil where it carries none.
    public init(_ source: String?) throws(ChatTemplateError) {
        guard let source else { throw .missing }
        // No template of a known format is nearly as long, and looking for formats takes time.
        guard source.utf8.count <= 1 << 16 else { throw .unknown }
        guard let format = ChatFormat(detectedIn: TemplateSource(source)) else { throw .unknown }
        self.format = format
    }

    /// The conversation as the template writes it.
    /// - Parameters:
    ///   - addGenerationPrompt: whether to end with the beginning of the assistant's answer.
    ///   - bos: the text of the vocabulary's begin-of-sequence token, which some templates write.
    ///   - eos: the text of its end-of-sequence token.
    public func render(
        _ messages: [ChatMessage], addGenerationPrompt: Bool, bos: String, eos: String
    ) throws(ChatTemplateError) -> [ChatSegment] {
        if messages.isEmpty { throw .noMessages }
        var rendering = ChatRendering(bos: bos, eos: eos, addGenerationPrompt: addGenerationPrompt)
        switch format {
        case .chatML(let details): rendering.append(messages, details)
        case .llama3(let details): rendering.append(messages, details)
        case .llama2(let details): try rendering.append(messages, details)
        }
        return rendering.segments.joined()
    }

    /// The conversation as token ids.
    ///
    /// Special tokens are recognised in the template's own text only, so no message can end its turn or begin another's.
    /// Where no message holds the text of a special token, these are the ids of the whole rendered text. BOS is there
    /// where the template writes it and nowhere else, as in Hugging Face's `apply_chat_template`.
    public func promptIDs(
        _ messages: [ChatMessage], tokenizer: Tokenizer, addGenerationPrompt: Bool = true
    ) throws(ChatTemplateError) -> [TokenID] {
        let vocabulary = tokenizer.vocabulary
        func text(of id: TokenID?) -> String { String(decoding: id.map(vocabulary.bytes) ?? [], as: UTF8.self) }
        let segments = try render(
            messages, addGenerationPrompt: addGenerationPrompt, bos: text(of: vocabulary.bos),
            eos: text(of: vocabulary.eos))
        return tokenizer.encode(
            segments.map { segment in
                switch segment {
                case .template(let text): TextPart(Array(text.utf8), recognizeSpecial: true)
                case .content(let text): TextPart(Array(text.utf8), recognizeSpecial: false)
                }
            })
    }
}

/// Why a conversation cannot be turned into a prompt.
public enum ChatTemplateError: Error, Equatable, CustomStringConvertible {
    case missing
    case unknown
    case noMessages
    case rolesDoNotAlternate

    public var description: String {
        switch self {
        case .missing: "the model carries no chat template: generate --raw sends a prompt as it is"
        case .unknown:
            "the model's chat template is none that is known (Llama 2, Llama 3, ChatML): generate --raw sends a prompt as it is"
        case .noMessages: "a conversation needs at least one message"
        case .rolesDoNotAlternate:
            "this model's chat template wants one system message at most, first, and then user and assistant in turn"
        }
    }
}
