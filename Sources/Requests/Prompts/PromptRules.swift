import ModelFiles
import Tokenization

/// Which prompts a model can be given.
public struct PromptRules: Sendable {
    public let vocabSize: Int
    public let contextLength: Int

    public init(_ configuration: ModelConfiguration, contextLength: Int) {
        vocabSize = configuration.vocabSize
        self.contextLength = contextLength
    }

    /// Refuses prompts without tokens, with tokens of another vocabulary, or longer than the context.
    public func check(_ ids: [TokenID]) throws(EngineError) {
        guard !ids.isEmpty else { throw .badInput("the prompt has no tokens; give some text or ids") }
        guard ids.count <= contextLength else {
            throw .badInput(
                "the prompt has \(ids.count) tokens and the context holds \(contextLength); "
                    + "shorten it or raise --context")
        }
        if let id = ids.first(where: { $0 < 0 || $0 >= vocabSize }) {
            throw .badInput("token id \(id) is not in the vocabulary of \(vocabSize)")
        }
    }

    /// The most tokens that can be sampled after a prompt of so many; the last one needs no place in the context.
    public func room(after count: Int) -> Int { contextLength + 1 - count }
}
