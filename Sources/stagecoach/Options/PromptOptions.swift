import ArgumentParser
import ChatTemplates
import Engine
import ModelFiles
import Tokenization

/// Where a prompt comes from, and how it is dressed.
struct PromptOptions: ParsableArguments {
    @Option(help: "The prompt.")
    var prompt: String?

    @Option(help: "A UTF-8 file that holds the prompt.")
    var promptFile: String?

    @Option(name: .customLong("prompt-ids"), help: "The prompt as token ids, such as 1,2,3; taken as given.")
    var promptIDs: String?

    @Flag(help: "Send the prompt as it is, without the model's chat template.")
    var raw = false

    @Option(help: "The system message.")
    var system: String?

    func validate() throws {
        let sources = [prompt, promptFile, promptIDs].compactMap { $0 }
        guard sources.count == 1 else {
            throw ValidationError("Give the prompt by exactly one of --prompt, --prompt-file and --prompt-ids.")
        }
        if promptIDs != nil, system != nil || raw {
            throw ValidationError("--prompt-ids are taken as given; leave out --raw and --system.")
        }
        if raw, system != nil { throw ValidationError("--raw sends no system message; leave out --system.") }
    }

    /// The prompt's token ids for `model`.
    func ids(for model: Model, _ rules: PromptRules) throws -> [TokenID] {
        let ids = try encoded(for: model)
        try rules.check(ids)
        return ids
    }

    private func encoded(for model: Model) throws -> [TokenID] {
        if let promptIDs { return try TokenList.parse(promptIDs, flag: "--prompt-ids") }
        let tokenizer = try model.requiredTokenizer()
        let text = try prompt ?? TextFile.read(promptFile!)
        if raw {
            return tokenizer.encode(
                Array(text.utf8), recognizeSpecial: true, addBOS: tokenizer.vocabulary.addsBOS)
        }
        var messages = [ChatMessage(role: .user, content: text)]
        if let system { messages.insert(ChatMessage(role: .system, content: system), at: 0) }
        return try model.requiredChatTemplate().promptIDs(messages, tokenizer: tokenizer)
    }
}
