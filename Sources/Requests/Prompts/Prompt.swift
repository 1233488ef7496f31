import ChatTemplates
import Tokenization

/// What a model is to go on with.
public enum Prompt: Sendable, Equatable {
    /// Text as it is: special tokens are recognised in it, and BOS comes first where the model asks for it.
    case raw(String)
    /// Goes through the model's chat template, by default up to the beginning of the answer.
    case conversation(Conversation)
    /// Taken as given.
    case ids([TokenID])

    /// A user's text.
    ///
    /// - Parameters:
    ///   - raw: Whether it is sent as it is; else it is the message of a conversation.
    ///   - system: The system message of that conversation.
    public init(_ text: String, raw: Bool, system: String?) {
        self =
            raw
            ? .raw(text)
            : .conversation(Conversation([ChatMessage(role: .user, content: text)]).beginning(with: system))
    }
}

extension Conversation {
    /// The conversation with this system message, where it has none of its own at the beginning.
    public func beginning(with system: String?) -> Conversation {
        guard let system, messages.first?.role != .system else { return self }
        var conversation = self
        conversation.messages.insert(ChatMessage(role: .system, content: system), at: 0)
        return conversation
    }
}
