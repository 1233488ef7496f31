import ArgumentParser
import Engine
import Kernels
import PipelineRuntime

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure prefill and decode, and say what limits them.",
        discussion: "With --sweep: many layouts and loads, one after the other; see stagecoach bench --sweep --help.")

    @OptionGroup var job: JobOptions

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
            let bandwidth = try ReadBandwidth.measure(threadCount: facts.threadCount)
            let barrierSeconds = try BarrierCost.measure(threadCount: facts.threadCount)
            let peak = try ArithmeticPeak.measure(
                KernelSet(InstructionSet.chosen()), threadCount: facts.threadCount)
            let benchmarks = try counts.map { count in
                try Benchmark(
                    coordinator, promptTokens: promptTokens, generateTokens: generateTokens, sequences: count,
                    repetitions: repetitions, weightBytes: facts.weightBytesPerToken, readBandwidth: bandwidth,
                    arithmeticPeak: peak
                ) { repetition in
                    if Console.showsProgress {
                        Console.log("\r\(count) sequences: repetition \(repetition + 1) of \(repetitions)")
                    }
                }
            }
            if Console.showsProgress { Console.log("\r\u{1B}[2K") }
            if job.json {
                try printJSONLine(BenchReport(benchmarks, facts, model: job.model, barrierSeconds: barrierSeconds))
            } else {
                Console.print(benchmarks.map { BenchTable($0, facts).text }.joined(separator: "\n"))
            }
        }
    }
}
