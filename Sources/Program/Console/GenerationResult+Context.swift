import Requests

extension GenerationResult {
    /// Says on stderr where the context had no room for more of the answer.
    ///
    /// - Parameter maxTokens: as many as were asked for; nil: as many as there is room for.
    func sayWhetherCut(maxTokens: Int?, contextLength: Int) {
        guard stopReason == .length, ids.count < maxTokens ?? .max else { return }
        Console.log(
            "stagecoach: the answer ends after \(ids.count) tokens, where the context of \(contextLength) tokens is full; "
                + "raise --context, or shorten the prompt\n")
    }
}
