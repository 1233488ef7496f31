import Requests
import Sampling

/// `text_completion`, the form of the older API: the same for whole answers and pieces of a stream.
struct TextFormat: AnswerFormat {
    let head: AnswerHead
    let text: TokenText
    let tellsLogprobs: Bool
    let echoes: Bool
    let streamsUsage: Bool
    /// The texts of the prompts, by choice, where they are echoed.
    let prompts: [String]

    func whole(_ choices: [Choice], _ usage: Usage) -> [UInt8] {
        let choices = choices.map { choice in
            TextChoice(
                index: choice.index, text: echo(choice) + (choice.result?.text ?? ""),
                logprobs: logprobs(choice.piece, of: choice, echoes: echoes),
                finishReason: choice.result?.stopReason.name)
        }
        return JSON.bytes(TextObject(head, choices, usage: usage))
    }

    /// Streams without log-probabilities echo at once; the others with the prompt's, which come first of all.
    func opening(_ choice: Choice) -> [UInt8]? {
        guard echoes, !tellsLogprobs else { return nil }
        return chunk(TextChoice(index: choice.index, text: echo(choice)))
    }

    func piece(_ piece: Piece, of choice: Choice) -> [UInt8] {
        let echo = piece.prompt == nil ? "" : echo(choice)
        return chunk(
            TextChoice(
                index: choice.index, text: echo + piece.text,
                logprobs: logprobs(piece, of: choice, echoes: piece.prompt != nil),
                finishReason: piece.finish?.name))
    }

    func closing(_ usage: Usage) -> [UInt8] { JSON.bytes(TextObject(head, [], usage: usage)) }

    private func echo(_ choice: Choice) -> String { echoes ? prompts[choice.index] : "" }

    private func chunk(_ choice: TextChoice) -> [UInt8] {
        JSON.bytes(TextObject(head, [choice], hasUsage: streamsUsage))
    }

    private func logprobs(_ piece: Piece, of choice: Choice, echoes: Bool) -> TextLogprobs? {
        guard tellsLogprobs else { return nil }
        var logprobs = TextLogprobs(offset: echoes ? 0 : sentCharacters(choice))
        if echoes {
            // Nothing comes before the first token, so nothing predicts it.
            if let first = choice.promptIDs.first { logprobs.append(text.text(of: [first]), nil, text) }
            for token in piece.prompt ?? [] { logprobs.append(text.text(of: [token.token.id]), token, text) }
        }
        for token in piece.logprobs { logprobs.append(text.text(of: [token.token.id]), token, text) }
        return logprobs
    }
}

extension TextFormat {
    /// Characters before a piece's first token.
    private func sentCharacters(_ choice: Choice) -> Int {
        let sampled = choice.sentTokens.reduce(0) { $0 + text.text(of: [$1.token.id]).unicodeScalars.count }
        let echoed = echoes ? choice.promptIDs.reduce(0) { $0 + text.text(of: [$1]).unicodeScalars.count } : 0
        return sampled + echoed
    }
}

private struct TextObject: Encodable {
    let id: String
    let object = "text_completion"
    let created: Int
    let model: String
    let systemFingerprint: String
    let seed: UInt64
    let choices: [TextChoice]
    let usage: Nullable<Usage>?

    init(_ head: AnswerHead, _ choices: [TextChoice], usage: Usage? = nil, hasUsage: Bool = true) {
        id = head.id
        created = head.created
        model = head.model
        systemFingerprint = head.systemFingerprint
        seed = head.seed
        self.choices = choices
        self.usage = hasUsage ? Nullable(wrappedValue: usage) : nil
    }
}

private struct TextChoice: Encodable {
    let index: Int
    var text: String
    @Nullable var logprobs: TextLogprobs?
    @Nullable var finishReason: String?
}

private struct TextLogprobs: Encodable {
    private(set) var tokens: [String] = []
    private(set) var tokenLogprobs: [Nullable<Double>] = []
    private(set) var topLogprobs: [Nullable<[String: Double]>] = []
    /// Where each token begins, in characters (Unicode scalars) from the text's start.
    private(set) var textOffset: [Int] = []
    private var offset: Int

    private enum CodingKeys: CodingKey { case tokens, tokenLogprobs, topLogprobs, textOffset }

    init(offset: Int) { self.offset = offset }

    mutating func append(_ token: String, _ logprobs: TokenLogprobs?, _ text: TokenText) {
        tokens.append(token)
        tokenLogprobs.append(Nullable(wrappedValue: logprobs?.token.logprob))
        let likeliest = logprobs.map { logprobs in
            // Two tokens may look alike; the likelier one comes first.
            Dictionary(logprobs.likeliest.map { (text.text(of: [$0.id]), $0.logprob) }) { first, _ in first }
        }
        topLogprobs.append(Nullable(wrappedValue: likeliest))
        textOffset.append(offset)
        offset += token.unicodeScalars.count
    }
}
