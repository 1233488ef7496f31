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

    public func ids(of prompt: Prompt) throws -> [TokenID] {
        switch prompt {
        case .ids(let ids):
            return ids
        case .raw(let text):
            let tokenizer = try tokenizer.get()
            return tokenizer.encode(Array(text.utf8), recognizeSpecial: true, addBOS: tokenizer.vocabulary.addsBOS)
        case .conversation(var conversation):
            for member in variables.members where conversation.variables[member.key] == nil {
                conversation.variables[member.key] = member.value
            }
            return try template.get().promptIDs(conversation, tokenizer: tokenizer.get())
        }
    }
}
