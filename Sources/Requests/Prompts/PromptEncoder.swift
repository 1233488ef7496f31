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

    /// Text as it is: special tokens are recognised in it, and BOS comes first where the model asks for it.
    public func ids(raw text: String) throws -> [TokenID] {
        let tokenizer = try tokenizer.get()
        return tokenizer.encode(Array(text.utf8), recognizeSpecial: true, addBOS: tokenizer.vocabulary.addsBOS)
    }

    /// A conversation in the chat template, by default up to the beginning of the answer.
    public func ids(_ request: ChatRequest) throws -> [TokenID] {
        var request = request
        for member in variables.members where request.variables[member.key] == nil {
            request.variables[member.key] = member.value
        }
        return try template.get().promptIDs(request, tokenizer: tokenizer.get())
    }

    /// A conversation in the chat template, up to the beginning of the answer.
    ///
    /// - Parameter system: The system message where the conversation does not begin with one.
    public func ids(_ messages: [ChatMessage], system: String? = nil) throws -> [TokenID] {
        var messages = messages
        if let system, messages.first?.role != .system {
            messages.insert(ChatMessage(role: .system, content: system), at: 0)
        }
        return try ids(ChatRequest(messages))
    }
}
