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
    func check(name: String?) throws(APIError) {
        guard let name, name != self.name else { return }
        throw APIError(
            .notFound, "the model '\(name.prefix(200))' is not served here, '\(self.name)' is", param: "model",
            code: "model_not_found")
    }

    /// Refuses texts that are too long for the context whatever their tokens are: finding those could take long.
    func check(text byteCount: Int, param: String) throws(APIError) {
        guard byteCount > rules.contextLength * text.longestTokenByteCount else { return }
        throw APIError(
            .badRequest,
            "the prompt has \(byteCount) bytes, more than the context of \(rules.contextLength) tokens can hold",
            param: param, code: "context_length_exceeded")
    }

    /// Refuses prompts that the engine could not take.
    func check(prompt ids: [TokenID], param: String) throws(APIError) {
        do {
            try rules.check(ids)
        } catch {
            let isTooLong = ids.count > rules.contextLength
            throw APIError(
                .badRequest, "\(error)", param: param, code: isTooLong ? "context_length_exceeded" : "invalid_prompt")
        }
    }
}
