import BatchJobs
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

extension BatchTally.Sums {
    /// The same of a batch job's answers.
    func sayWhetherCut(contextLength: Int) {
        guard cut > 0 else { return }
        let answers = cut == 1 ? "1 answer ends" : "\(cut) answers end"
        Console.log(
            "stagecoach: \(answers) where the context of \(contextLength) tokens is full (\"cut_by_context\" in the "
                + "results); raise --context, or shorten the prompts\n")
    }
}
