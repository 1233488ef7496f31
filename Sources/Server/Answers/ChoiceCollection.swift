/// The choices of one HTTP request as their events come in.
struct ChoiceCollection {
    private(set) var choices: [Choice]
    /// Why the whole request fails, where one of them did.
    private(set) var failure: APIError?
    private let plan: AnswerPlan
    /// Choices with something that has not been taken.
    private var changed: Set<Int> = []

    init(_ plan: AnswerPlan) {
        self.plan = plan
        choices = plan.requests.enumerated().map { Choice(index: $0, promptIDs: $1.promptIDs) }
    }

    var isOver: Bool { choices.allSatisfy { $0.result != nil } }
    var openIndices: [Int] { choices.indices.filter { choices[$0].result == nil } }

    mutating func take(_ item: EventFunnel.Item) {
        let index = item.choice
        changed.insert(index)
        switch item.event {
        case .prompt(let logprobs): choices[index].piece.prompt = logprobs
        case .token(let token):
            choices[index].piece.text += token.text
            if let logprobs = token.logprobs { choices[index].piece.logprobs.append(logprobs) }
            choices[index].sampledCount += 1
        case .ended(let result):
            choices[index].result = result
            choices[index].piece.finish = result.stopReason
            if result.stopReason == .cancelled {
                failure = APIError(.serviceUnavailable, "the answer was cancelled", code: "cancelled")
            }
        case .refused(let reason): failure = APIError(.badRequest, reason)
        case .failed(let reason): failure = APIError(.internalServerError, reason, code: "generation_failed")
        case .lost(let reason):
            failure = APIError(.serviceUnavailable, "the answer was lost: \(reason)", code: "engine_ended")
        }
    }

    /// What came since the last call and is worth telling; tokens without text are not, without log-probabilities.
    mutating func takePieces() -> [(choice: Choice, piece: Piece)] {
        let pieces = changed.sorted().compactMap { index -> (choice: Choice, piece: Piece)? in
            let choice = choices[index]
            let piece = choice.piece
            guard !piece.text.isEmpty || !piece.logprobs.isEmpty || piece.prompt != nil || piece.finish != nil else {
                return nil
            }
            choices[index].piece = Piece()
            choices[index].sentTokens += piece.logprobs
            return (choice, piece)
        }
        changed = []
        return pieces
    }

    var usage: Usage {
        let firsts = stride(from: 0, to: choices.count, by: plan.choicesPerPrompt)
        return Usage(
            promptTokens: plan.promptTokens,
            cachedTokens: firsts.reduce(0) { $0 + (choices[$1].result?.timings.reusedTokens ?? 0) },
            completionTokens: choices.reduce(0) { $0 + ($1.result?.ids.count ?? $1.sampledCount) })
    }
}
