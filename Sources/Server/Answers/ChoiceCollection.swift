import Requests

/// The choices of one HTTP request as their events come in.
struct ChoiceCollection {
    private(set) var choices: [Choice]
    /// Why the whole request fails, where one of them did.
    private(set) var failure: APIError?
    /// Choices with something that has not been taken.
    private var changed: Set<Int> = []

    init(_ generations: [GenerationRequest]) {
        choices = generations.enumerated().map { Choice(index: $0, request: $1) }
    }

    var isOver: Bool { choices.allSatisfy { $0.result != nil } }
    /// What has not ended.
    var open: [GenerationRequest] { choices.filter { $0.result == nil }.map(\.request) }

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
            return (choice, piece)
        }
        changed = []
        return pieces
    }

    var usage: Usage {
        // Each prompt counts once.
        let firsts = choices.filter { $0.request.choice == 0 }
        return Usage(
            promptTokens: firsts.reduce(0) { $0 + $1.request.promptIDs.count },
            cachedTokens: firsts.reduce(0) { $0 + ($1.result?.timings.reusedTokens ?? 0) },
            completionTokens: choices.reduce(0) { $0 + ($1.result?.ids.count ?? $1.sampledCount) })
    }
}
