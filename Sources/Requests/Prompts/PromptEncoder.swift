import ChatTemplates
import ModelFiles
import OrderedJSON
import Tokenization

/// Turns texts and conversations into a model's token ids; any number of threads may share one.
public struct PromptEncoder: Sendable {
    private let tokenizer: Result<Tokenizer, any Error>
    private let template: Result<ChatTemplate, any Error>
    private let variables: JSONObject

    /// A model without a tokenizer or a chat template is one for token ids, or for raw text: only what needs the missing
    /// part is refused.
    ///
    /// - Parameters:
    ///   - chatTemplate: Jinja source to use in place of the model's own.
    ///   - variables: For the template, where a request does not say otherwise.
    public init(_ model: Model, chatTemplate: String? = nil, variables: JSONObject = [:]) {
        tokenizer = Result { try model.requiredTokenizer() }
        template = Result { try model.chatTemplate(insteadOfOwn: chatTemplate) }
        self.variables = variables
    }

    /// The token ids of a prompt; for those who give flags, or started the program.
    public func ids(of prompt: Prompt) throws -> [TokenID] {
        switch prompt {
        case .ids(let ids):
            return ids
        case .raw(let text):
            let tokenizer = try tokenizer.get()
            return tokenizer.encode(Array(text.utf8), recognizeSpecial: true, addBOS: tokenizer.vocabulary.addsBOS)
        case .conversation(var conversation):
            conversation.complete(variables)
            return try template.get().promptIDs(conversation, tokenizer: tokenizer.get())
        }
    }

    /// Which of a conversation's messages the template has no way to say; nil where that cannot be told.
    ///
    /// - Parameter conversation: One whose ids cannot be had.
    public func failingMessage(of conversation: Conversation) -> Int? {
        guard let template = try? template.get(), let tokenizer = try? tokenizer.get() else { return nil }
        var conversation = conversation
        conversation.complete(variables)
        return template.failingMessage(of: conversation, tokenizer: tokenizer)
    }
}

extension Conversation {
    /// Adds variables that it does not have.
    fileprivate mutating func complete(_ others: JSONObject) {
        for member in others.members where variables[member.key] == nil { variables[member.key] = member.value }
    }
}
