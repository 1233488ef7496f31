import ArgumentParser
import Engine
import ModelFiles

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Summarise a model: shape, quantization, memory per layer, tokenizer, chat template.")

    @Argument(help: "The model: a GGUF file or a Hugging Face folder.")
    var path: String?

    @Option(help: "The model: a GGUF file or a Hugging Face folder.")
    var model: String?

    @Flag(help: "Print one line of JSON.")
    var json = false

    func validate() throws {
        guard (path == nil) != (model == nil) else { throw ValidationError("Give one model: inspect --model PATH.") }
    }

    func run() throws {
        guard LauncherRank.isFirst else { return }
        let summary = try ModelSummary(Model(path: model ?? path!))
        if json { return try Console.print(json: summary) }
        Console.print(summary.lines.joined(separator: "\n") + "\n")
    }
}
