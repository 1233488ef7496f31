import Requests
import Tokenization

/// What the server knows of the model: its name, its tokens, its limits.
public struct ServedModel: Sendable {
    public let name: String
    public let encoder: PromptEncoder
    public let text: TokenText
    public let rules: PromptRules

    public init(name: String, encoder: PromptEncoder, text: TokenText, rules: PromptRules) {
        self.name = name
        self.encoder = encoder
        self.text = text
        self.rules = rules
    }

    /// Refuses to answer in the name of another model; no name is fine.
    func check(name: String?) throws(RequestError) {
        guard let name, name != self.name else { return }
        throw RequestError(
            "the model '\(name.prefix(200))' is not served here, '\(self.name)' is", kind: .notHere, param: "model",
            code: "model_not_found")
    }

    /// The tokens of a prompt that the engine can take.
    func promptIDs(of prompt: Prompt) throws(RequestError) -> [TokenID] {
        let param = prompt.field
        try check(byteCount: prompt.byteCount, param: param)
        let ids = try encoder.ids(requested: prompt)
        guard ids.count <= rules.contextLength else { throw tooLong("resulted in \(ids.count) tokens", param) }
        do { try rules.check(ids) } catch {
            throw RequestError("\(error)", param: param, code: "invalid_prompt")
        }
        return ids
    }

    /// Refuses texts that are too long for the context whatever their tokens are: finding those could take long.
    private func check(byteCount: Int, param: String) throws(RequestError) {
        guard byteCount > rules.contextLength * text.longestTokenByteCount else { return }
        throw tooLong("resulted in \(byteCount) bytes, more than so many tokens stand for", param)
    }

    /// In the words of OpenAI's API, by which clients such as litellm and aider know to shorten the prompt, or to ask a
    /// model with a longer context.
    private func tooLong(_ length: String, _ param: String) -> RequestError {
        RequestError(
            "This model's maximum context length is \(rules.contextLength) tokens. However, your \(param) \(length). "
                + "Please reduce the length of the \(param).",
            param: param, code: "context_length_exceeded")
    }
}

extension Prompt {
    /// The name of the field that it comes from.
    fileprivate var field: String { if case .conversation = self { "messages" } else { "prompt" } }

    /// How much text there is to tokenize, in bytes.
    fileprivate var byteCount: Int {
        switch self {
        case .raw(let text): text.utf8.count
        case .conversation(let conversation):
            conversation.messages.reduce(0) { $0 + ($1.content?.utf8.count ?? 0) }
        case .ids: 0
        }
    }
}
