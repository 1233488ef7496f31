import ChatTemplates
import Hummingbird
import Tokenization

/// Text to tokens and back.
extension Routes {
    /// Takes `content` (or `prompt`), or `messages` for the model's chat template.
    func tokenize(_ body: some Sequence<UInt8>) throws(APIError) -> Response {
        let body = Array(body)
        let ids = try RequestFields.read(body) { fields throws(APIError) in
            if fields.has("messages") { return try served.promptIDs(of: try ChatRequest(body: body)) }
            let content: String? = try fields.value("content", "a text")
            let prompt: String? = try fields.value("prompt", "a text")
            guard let text = content ?? prompt else {
                throw APIError(.badRequest, "give a text as content or prompt, or messages", param: "content")
            }
            let special: Bool = try fields.value("add_special", "true or false") ?? false
            let parsesSpecial: Bool = try fields.value("parse_special", "true or false") ?? true
            return served.text.ids(of: text, recognizeSpecial: parsesSpecial, addBOS: special)
        }
        return JSON.response(
            TokensReport(tokens: ids, count: ids.count, maxModelLen: served.rules.contextLength))
    }

    func detokenize(_ body: some Sequence<UInt8>) throws(APIError) -> Response {
        let ids = try RequestFields.read(body) { fields throws(APIError) -> [TokenID] in
            guard let ids: [TokenID] = try fields.value("tokens", "a list of token ids") else {
                throw APIError(.badRequest, "tokens is missing", param: "tokens")
            }
            return ids
        }
        if let id = ids.first(where: { $0 < 0 || Int($0) >= served.text.vocabSize }) {
            throw APIError(
                .badRequest, "token id \(id) is not in the vocabulary", param: "tokens", code: "invalid_value")
        }
        let text = served.text.text(of: ids)
        return JSON.response(TextReport(content: text, prompt: text))
    }
}

private struct TokensReport: Encodable {
    let tokens: [TokenID]
    let count: Int
    let maxModelLen: Int
}

/// The text under the names that llama-server's clients and vLLM's look for.
private struct TextReport: Encodable {
    let content: String
    let prompt: String
}
