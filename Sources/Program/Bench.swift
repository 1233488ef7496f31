import ArgumentParser
import Engine
import Kernels
import Planning
import ReportSchemas
import Requests

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure prefill and decode, and say what limits them.",
        discussion: "With --sweep: many layouts and loads, one after the other; see stagecoach bench --sweep --help.")

    @OptionGroup var job: JobOptions
    @OptionGroup var emulation: EmulationOptions

    @Option(help: "Tokens of the prompt.")
    var promptTokens = 512

    @Option(help: "Tokens to generate after it.")
    var generateTokens = 64

    @Option(help: "Sequences at once, such as 1,8,32: one measurement for each number.")
    var sequences = "1"

    @Option(help: "Decode once more while prompts of so many tokens keep coming: how far do they delay the others?")
    var besidePrompts: Int?

    @Option(help: "Counted repetitions, after one that is not.")
    var repetitions = 5

    func validate() throws {
        if promptTokens < 1 { throw ValidationError("--prompt-tokens must be at least 1.") }
        if generateTokens < 2 { throw ValidationError("--generate-tokens must be at least 2.") }
        if let besidePrompts, besidePrompts < 1 { throw ValidationError("--beside-prompts must be at least 1.") }
        if !(1...1000).contains(repetitions) { throw ValidationError("--repetitions must be 1 to 1000.") }
        _ = try SequenceCounts.parse(sequences)
    }

    func run() throws {
        let counts = try SequenceCounts.parse(sequences)
        var configuration = job.configuration
        configuration.emulation = try emulation.configuration()
        // A prompt that is computed and one that waits for its slot.
        configuration.maxSequences = counts.max()! + (besidePrompts == nil ? 0 : 2)
        configuration.workload = workload(counts.max()!)
        configuration.probeEffort = .thorough
        let (tokens, isTooMany) = promptTokens.addingReportingOverflow(generateTokens)
        configuration.contextLimit = isTooMany ? .max : max(tokens, besidePrompts ?? 0)
        try Job.run(configuration, observer: JobConsole(job)) { _, rules in
            guard generateTokens <= rules.contextLength, promptTokens <= rules.contextLength - generateTokens else {
                throw EngineError.usage(
                    "\(promptTokens) prompt tokens and \(generateTokens) generated ones do not fit the context of "
                        + "\(rules.contextLength); ask for fewer or raise --context")
            }
            if let besidePrompts, besidePrompts > rules.contextLength {
                throw EngineError.usage(
                    "prompts of \(besidePrompts) tokens do not fit the context of \(rules.contextLength); ask for "
                        + "shorter ones or raise --context")
            }
        } coordinate: { coordinator, _, facts in
            let limits = try facts.emulatedHost.map(MachineLimits.init) ?? MachineLimits(facts)
            let benchmarks = try counts.map { count in
                try Benchmark(
                    coordinator, promptTokens: promptTokens, generateTokens: generateTokens, sequences: count,
                    repetitions: repetitions, besidePromptsOf: besidePrompts, facts: facts,
                    readBandwidth: limits.readBandwidth, arithmeticPeak: limits.arithmeticPeak
                ) { repetition in
                    if Console.showsProgress {
                        Console.log("\r\(count) sequences: repetition \(repetition + 1) of \(repetitions)")
                    }
                }
            }
            if Console.showsProgress { Console.log("\r\u{1B}[2K") }
            let explained = benchmarks.map { benchmark in
                let prediction = facts.prediction(of: workload(benchmark.sequences))
                return (benchmark, prediction.map { benchmark.explanation($0, facts) })
            }
            let report = BenchReport(explained, facts, model: job.model, barrierSeconds: limits.barrierSeconds)
            if job.json { return try Console.print(json: report) }
            let tables = report.results.map { BenchTable($0, of: report, repetitions: repetitions).text }
            Console.print(tables.joined(separator: "\n"))
        }
    }

    private func workload(_ sequences: Int) -> Workload {
        Workload(
            promptTokens: promptTokens, generateTokens: generateTokens, sequences: sequences, chunk: job.prefillChunk)
    }
}
