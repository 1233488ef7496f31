import ArgumentParser
import Engine
import PipelineRuntime

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure prefill and decode, and say what limits them.")

    @OptionGroup var job: JobOptions

    @Option(help: "Tokens of the prompt.")
    var promptTokens = 512

    @Option(help: "Tokens to generate after it.")
    var generateTokens = 64

    @Option(help: "Sequences at once; this version runs one.")
    var sequences = "1"

    @Option(help: "Counted repetitions, after one that is not.")
    var repetitions = 5

    func validate() throws {
        if promptTokens < 1 { throw ValidationError("--prompt-tokens must be at least 1.") }
        if generateTokens < 2 { throw ValidationError("--generate-tokens must be at least 2.") }
        if !(1...1000).contains(repetitions) { throw ValidationError("--repetitions must be 1 to 1000.") }
        guard sequences == "1" else {
            throw ValidationError("--sequences must be 1: this version runs one sequence at a time.")
        }
    }

    func run() throws {
        try Job.run(job.configuration, observer: JobConsole()) { _, rules in
            guard generateTokens <= rules.contextLength, promptTokens <= rules.contextLength - generateTokens else {
                throw EngineError.usage(
                    "\(promptTokens) prompt tokens and \(generateTokens) generated ones do not fit the context of "
                        + "\(rules.contextLength); ask for fewer or raise --context")
            }
        } coordinate: { coordinator, _, facts in
            let bandwidth = try ReadBandwidth.measure(threadCount: facts.threadCount)
            let benchmark = try Benchmark(
                coordinator, promptTokens: promptTokens, generateTokens: generateTokens, repetitions: repetitions,
                weightBytes: facts.weightBytesPerToken, readBandwidth: bandwidth
            ) { repetition in
                if Console.showsProgress { Console.log("\rrepetition \(repetition + 1) of \(repetitions)") }
            }
            if Console.showsProgress { Console.log("\r\u{1B}[2K") }
            if job.json {
                try printJSONLine(BenchReport(benchmark, facts))
            } else {
                Console.print(BenchTable(benchmark, facts).text)
            }
        }
    }
}
