import ArgumentParser
import Engine
import Requests

/// Runs Llama-family language models across CPU machines; see the README.
struct Stagecoach: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stagecoach",
        abstract: "Run Llama-family language models across CPU machines.",
        discussion: "Start one process alone, or one rank per machine with mpirun.",
        version: Build.version,
        subcommands: [
            Generate.self, Chat.self, Serve.self, Tokenize.self, ScoreCommand.self, PlanCommand.self, Bench.self,
            Sweep.self, LaunchCommand.self, Verify.self, Inspect.self, Quantize.self, Split.self, Synth.self,
        ])
}
