import ChatTemplates
import ModelFiles
import Tokenization

/// Turns texts and conversations into a model's token ids; any number of threads may share one.
public struct PromptEncoder: Sendable {
    private let tokenizer: Result<Tokenizer, any Error>
    private let template: Result<ChatTemplate, any Error>

    /// A model without a tokenizer or a known chat template is one for token ids, or for raw text: only what needs the
    /// missing part is refused.
    public init(_ model: Model) {
        tokenizer = Result { try model.requiredTokenizer() }
        template = Result { try model.requiredChatTemplate() }
    }

    /// Text as it is: special tokens are recognised in it, and BOS comes first where the model asks for it.
    public func ids(raw text: String) throws -> [TokenID] {
        let tokenizer = try tokenizer.get()
        return tokenizer.encode(Array(text.utf8), recognizeSpecial: true, addBOS: tokenizer.vocabulary.addsBOS)
    }

    /// A conversation in the model's chat template, up to the beginning of the answer.
    ///
    /// - Parameter system: The system message where the conversation does not begin with one.
    public func ids(_ messages: [ChatMessage], system: String? = nil) throws -> [TokenID] {
        var messages = messages
        if let system, messages.first?.role != .system {
            messages.insert(ChatMessage(role: .system, content: system), at: 0)
        }
        return try template.get().promptIDs(messages, tokenizer: tokenizer.get())
    }
}
