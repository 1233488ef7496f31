import Requests
import Sampling
import Tokenization

/// `text_completion`, the form of the older API: the same for whole answers and pieces of a stream.
struct TextFormat: AnswerFormat {
    private let head: AnswerHead
    /// The texts of the prompts, by choice; nil where they are not echoed.
    private let echoed: [String]?
    private let tellsLogprobs: Bool
    private let streamsUsage: Bool
    private let spelling: @Sendable (TokenID) -> String
    /// Where the next token of each choice begins in its text, in characters: earlier ones are not looked at again.
    private var offsets: [Int]

    /// - Parameters:
    ///   - answers: How many choices there are.
    ///   - spelling: The text of one token.
    init(
        head: AnswerHead, answers: Int, echoed: [String]?, tellsLogprobs: Bool, streamsUsage: Bool,
        spelling: @escaping @Sendable (TokenID) -> String
    ) {
        self.head = head
        self.echoed = echoed
        self.tellsLogprobs = tellsLogprobs
        self.streamsUsage = streamsUsage
        self.spelling = spelling
        offsets = Array(repeating: 0, count: answers)
    }

    func whole(_ choices: [Choice], _ usage: Usage) -> [UInt8] {
        let choices = choices.map { choice in
            TextChoice(
                index: choice.index, text: echo(choice) + (choice.result?.text ?? ""),
                logprobs: logprobs(choice.piece, of: choice, from: 0, echoes: echoed != nil),
                finishReason: choice.result?.stopReason.name)
        }
        return JSON.bytes(TextObject(head, choices, usage: usage))
    }

    /// Streams without log-probabilities echo at once; the others with the prompt's, which come first of all.
    func opening(_ choice: Choice) -> [UInt8]? {
        guard echoed != nil, !tellsLogprobs else { return nil }
        return chunk(TextChoice(index: choice.index, text: echo(choice)))
    }

    mutating func piece(_ piece: Piece, of choice: Choice) -> [UInt8] {
        let echoes = piece.prompt != nil
        let logprobs = logprobs(piece, of: choice, from: offsets[choice.index], echoes: echoes)
        if let logprobs { offsets[choice.index] = logprobs.end }
        return chunk(
            TextChoice(
                index: choice.index, text: (echoes ? echo(choice) : "") + piece.text, logprobs: logprobs,
                finishReason: piece.finish?.name))
    }

    func closing(_ usage: Usage) -> [UInt8]? {
        streamsUsage ? JSON.bytes(TextObject(head, [], usage: usage)) : nil
    }

    private func echo(_ choice: Choice) -> String { echoed?[choice.index] ?? "" }

    private func chunk(_ choice: TextChoice) -> [UInt8] {
        JSON.bytes(TextObject(head, [choice], hasUsage: streamsUsage))
    }

    private func logprobs(_ piece: Piece, of choice: Choice, from offset: Int, echoes: Bool) -> TextLogprobs? {
        guard tellsLogprobs else { return nil }
        var logprobs = TextLogprobs(offset: offset)
        if echoes {
            // Nothing comes before the first token, so nothing predicts it.
            if let first = choice.request.promptIDs.first { logprobs.append(first, nil, spelling) }
            for token in piece.prompt ?? [] { logprobs.append(token.token.id, token, spelling) }
        }
        for token in piece.logprobs { logprobs.append(token.token.id, token, spelling) }
        return logprobs
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
