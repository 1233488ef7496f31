import Requests
import Sampling

/// `chat.completion` and its chunks.
struct ChatFormat: AnswerFormat {
    let head: AnswerHead
    let text: TokenText
    let tellsLogprobs: Bool
    /// Whether a stream ends with the usage; then its chunks have a place for it.
    let streamsUsage: Bool

    func whole(_ choices: [Choice], _ usage: Usage) -> [UInt8] {
        let choices = choices.map { choice in
            ChatChoice(
                index: choice.index,
                message: ChatText(role: "assistant", content: choice.result?.text ?? ""),
                logprobs: logprobs(choice.piece), finishReason: choice.result?.stopReason.name)
        }
        return JSON.bytes(ChatObject("chat.completion", head, choices, usage: usage))
    }

    func opening(_ choice: Choice) -> [UInt8]? {
        chunk([ChatChoice(index: choice.index, delta: ChatText(role: "assistant", content: ""))])
    }

    func piece(_ piece: Piece, of choice: Choice) -> [UInt8] {
        let isEmpty = piece.text.isEmpty && piece.logprobs.isEmpty
        return chunk([
            ChatChoice(
                index: choice.index, delta: ChatText(content: isEmpty ? nil : piece.text), logprobs: logprobs(piece),
                finishReason: piece.finish?.name)
        ])
    }

    func closing(_ usage: Usage) -> [UInt8]? {
        streamsUsage ? JSON.bytes(ChatObject(Self.chunkName, head, [], usage: usage)) : nil
    }

    private static let chunkName = "chat.completion.chunk"

    private func chunk(_ choices: [ChatChoice]) -> [UInt8] {
        JSON.bytes(ChatObject(Self.chunkName, head, choices, hasUsage: streamsUsage))
    }

    private func logprobs(_ piece: Piece) -> ChatLogprobs? {
        tellsLogprobs && !piece.logprobs.isEmpty ? ChatLogprobs(piece.logprobs, text) : nil
    }
}

private struct ChatObject: Encodable {
    let id: String
    let object: String
    let created: Int
    let model: String
    let systemFingerprint: String
    let seed: UInt64
    let choices: [ChatChoice]
    /// nil: absent; a nil inside: null.
    let usage: Nullable<Usage>?

    init(_ object: String, _ head: AnswerHead, _ choices: [ChatChoice], usage: Usage? = nil, hasUsage: Bool = true) {
        self.object = object
        id = head.id
        created = head.created
        model = head.model
        systemFingerprint = head.systemFingerprint
        seed = head.seed
        self.choices = choices
        self.usage = hasUsage ? Nullable(wrappedValue: usage) : nil
    }
}

private struct ChatChoice: Encodable {
    let index: Int
    var message: ChatText?
    var delta: ChatText?
    @Nullable var logprobs: ChatLogprobs?
    @Nullable var finishReason: String?
}

private struct ChatText: Encodable {
    var role: String?
    var content: String?
}

private struct ChatLogprobs: Encodable {
    let content: [Token]

    struct Token: Encodable {
        let token: String
        let logprob: Double
        let bytes: [UInt8]
        let topLogprobs: [Token]?
    }

    init(_ logprobs: [TokenLogprobs], _ text: TokenText) {
        func token(_ entry: TokenLogprobs.Entry, _ likeliest: [Token]?) -> Token {
            Token(
                token: text.text(of: [entry.id]), logprob: entry.logprob, bytes: text.bytes(of: entry.id),
                topLogprobs: likeliest)
        }
        content = logprobs.map { token($0.token, $0.likeliest.map { token($0, nil) }) }
    }
}

extension StopReason {
    /// OpenAI's word for it.
    var name: String { self == .length ? "length" : "stop" }
}
