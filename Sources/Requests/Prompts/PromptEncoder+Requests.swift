import ChatTemplates
import Tokenization

/// For those who send requests, and neither start the program nor choose its model: no word of flags.
extension PromptEncoder {
    /// The token ids of a prompt that a request brings.
    public func ids(requested prompt: Prompt) throws(RequestError) -> [TokenID] {
        do { return try ids(of: prompt) } catch {
            // The request is well formed; it is the model that has no way to take it.
            guard case .conversation(let conversation) = prompt, let error = error as? ChatTemplateError else {
                throw RequestError("\(error)", kind: .unsuitable, param: "prompt")
            }
            throw RequestError(error, in: conversation, at: failingMessage(of: conversation))
        }
    }
}

extension RequestError {
    /// - Parameter index: Which message it is, where that is known.
    fileprivate init(_ error: ChatTemplateError, in conversation: Conversation, at index: Int?) {
        let advice = "send a whole prompt to /v1/completions, which needs none"
        let place = index.map { "messages[\($0)]" }
        let role = index.map { " (role '\(conversation.messages[$0].role.rawValue.prefix(40))')" } ?? ""
        let which = place.map { "\($0)\(role)" } ?? "this conversation"
        let sentence =
            switch error {
            case .missing: "the model has no chat template, so it takes no messages; \(advice)"
            case .onlyForTools:
                "the model has a chat template only for requests with tools; give tools, or \(advice)"
            case .broken(let error) where error.kind == .syntax:
                "the model's chat template cannot be read, so it takes no messages: \(error); \(advice)"
            case .broken(let error):
                "the model's chat template fails at \(which): \(error); change what it says there, or \(advice)"
            case .refused(let reason):
                "the model's chat template refuses \(which): \(reason); change it as that says, or \(advice)"
            case .message, .noMessages: error.description
            }
        self.init(sentence, kind: .unsuitable, param: place ?? "messages", code: "chat_template")
    }
}
