import ArgumentParser
import ChatTemplates
import Engine
import ModelFiles
import Requests
import Tokenization

/// Where a prompt comes from, and how it is dressed.
struct PromptOptions: ParsableArguments {
    @Option(help: "The prompt.")
    var prompt: String?

    @Option(help: "A UTF-8 file that holds the prompt.")
    var promptFile: String?

    @Option(name: .customLong("prompt-ids"), help: "The prompt as token ids, such as 1,2,3; taken as given.")
    var promptIDs: String?

    @Option(help: "A file of prompts, one JSON object a line; - reads standard input.")
    var prompts: String?

    @Flag(help: "Send the prompt as it is, without the model's chat template.")
    var raw = false

    @Option(help: "The system message.")
    var system: String?

    func validate() throws {
        let sources = [prompt, promptFile, promptIDs, prompts].compactMap { $0 }
        guard sources.count == 1 else {
            throw ValidationError(
                "Give the prompt by exactly one of --prompt, --prompt-file, --prompt-ids and --prompts.")
        }
        if promptIDs != nil, system != nil || raw {
            throw ValidationError("--prompt-ids are taken as given; leave out --raw and --system.")
        }
        if raw, system != nil { throw ValidationError("--raw sends no system message; leave out --system.") }
    }

    /// The prompt's token ids for `model`.
    func ids(for model: Model, _ template: TemplateOptions, _ rules: PromptRules) throws -> [TokenID] {
        let ids: [TokenID]
        if let promptIDs {
            // The model may have no tokenizer.
            ids = try TokenList.parse(promptIDs, flag: "--prompt-ids")
        } else {
            let prompt = Prompt(try prompt ?? TextFile.read(promptFile!), raw: raw, system: system)
            ids = try template.encoder(for: model).ids(of: prompt)
        }
        try rules.check(ids)
        return ids
    }
}
