import ChatTemplates
import Hummingbird
import Requests
import Tokenization

/// Text to tokens and back.
extension Routes {
    /// Takes `content` (or `prompt`), or `messages` for the model's chat template.
    func tokenize(_ body: some Sequence<UInt8>) throws(RequestError) -> Response {
        let ids = try ids(RequestFields(body: body))
        return JSON.response(
            TokensReport(tokens: ids, count: ids.count, maxModelLen: served.rules.contextLength))
    }

    private func ids(_ fields: RequestFields) throws(RequestError) -> [TokenID] {
        if fields.has("messages") { return try served.promptIDs(of: .conversation(Conversation(fields))) }
        guard let text = try fields.text("content", "prompt") else {
            throw RequestError("give a text as content or prompt, or messages", param: "content")
        }
        return served.text.ids(
            of: text, recognizeSpecial: try fields.flag("parse_special") ?? true,
            addBOS: try fields.flag("add_special", "add_special_tokens") ?? false)
    }

    func detokenize(_ body: some Sequence<UInt8>) throws(RequestError) -> Response {
        guard let ids = try RequestFields(body: body).tokenIDs("tokens") else {
            throw RequestError("tokens is missing", param: "tokens")
        }
        if let id = ids.first(where: { $0 < 0 || Int($0) >= served.text.vocabSize }) {
            throw RequestError(
                "token id \(id) is not in the vocabulary", param: "tokens", code: "invalid_value")
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
