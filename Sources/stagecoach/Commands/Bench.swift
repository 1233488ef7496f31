import ArgumentParser
import Engine
import Kernels
import PipelineRuntime

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure prefill and decode, and say what limits them.")

    @OptionGroup var job: JobOptions
    @OptionGroup var emulation: EmulationOptions

    @Option(help: "Tokens of the prompt.")
    var promptTokens = 512

    @Option(help: "Tokens to generate after it.")
    var generateTokens = 64

    @Option(help: "Sequences at once, such as 1,8,32: one measurement for each number.")
    var sequences = "1"

    @Option(help: "Counted repetitions, after one that is not.")
    var repetitions = 5

    func validate() throws {
        if promptTokens < 1 { throw ValidationError("--prompt-tokens must be at least 1.") }
        if generateTokens < 2 { throw ValidationError("--generate-tokens must be at least 2.") }
        if !(1...1000).contains(repetitions) { throw ValidationError("--repetitions must be 1 to 1000.") }
        _ = try sequenceCounts
    }

    private var sequenceCounts: [Int] {
        get throws {
            try sequences.split(separator: ",", omittingEmptySubsequences: false).map { word in
                guard let count = Int(word), (1...4096).contains(count) else {
                    throw ValidationError(
                        "--sequences wants numbers from 1 to 4096, such as 1,8,32, and has '\(sequences)'.")
                }
                return count
            }
        }
    }

    func run() throws {
        let counts = try sequenceCounts
        var configuration = job.configuration
        configuration.emulation = try emulation.configuration()
        configuration.maxSequences = counts.max()!
        configuration.workload = Workload(
            promptTokens: promptTokens, generateTokens: generateTokens, sequences: counts.max()!,
            chunk: job.prefillChunk)
        let (tokens, isTooMany) = promptTokens.addingReportingOverflow(generateTokens)
        configuration.contextLimit = isTooMany ? .max : tokens
        try Job.run(configuration, observer: JobConsole()) { _, rules in
            guard generateTokens <= rules.contextLength, promptTokens <= rules.contextLength - generateTokens else {
                throw EngineError.usage(
                    "\(promptTokens) prompt tokens and \(generateTokens) generated ones do not fit the context of "
                        + "\(rules.contextLength); ask for fewer or raise --context")
            }
        } coordinate: { coordinator, _, facts in
            let limits = try facts.emulatedHost.map(MachineLimits.init) ?? MachineLimits(facts)
            let benchmarks = try counts.map { count in
                try Benchmark(
                    coordinator, promptTokens: promptTokens, generateTokens: generateTokens, sequences: count,
                    repetitions: repetitions, weightBytes: facts.weightBytesPerToken,
                    readBandwidth: limits.readBandwidth, arithmeticPeak: limits.arithmeticPeak
                ) { repetition in
                    if Console.showsProgress {
                        Console.log("\r\(count) sequences: repetition \(repetition + 1) of \(repetitions)")
                    }
                }
            }
            if Console.showsProgress { Console.log("\r\u{1B}[2K") }
            if job.json {
                try printJSONLine(BenchReport(benchmarks, facts, barrierSeconds: limits.barrierSeconds))
            } else {
                Console.print(benchmarks.map { BenchTable($0, facts).text }.joined(separator: "\n"))
            }
        }
    }
}
