import ArgumentParser
import Engine
import FoundationEssentials
import Glibc
import Sweeps

/// `bench --sweep`. Its flags take lists where those of `bench` take one value, so it is a command of its own.
struct Sweep: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run bench for many layouts and loads, and draw what came out.",
        usage: "stagecoach bench --sweep --model <model> --output <folder> [<options>] [<flags of bench>]",
        discussion: """
            Starts one mpirun for each combination of --ranks, --threads, --sequences and --microbatches, and writes \
            each result down at once: the same command goes on where it was ended. The folder then holds report.html, \
            points.csv and points.json.
            """,
        shouldDisplay: false)

    @Option(help: "The model: a GGUF file, at the same path on every machine.")
    var model: String

    @Option(help: "The folder for results, made where there is none.")
    var output: String

    @Option(help: "Numbers of ranks, such as 1,2,4.")
    var ranks = NumberList(argument: "1,2")!

    @Option(help: "Threads of each rank, such as 1,2.")
    var threads = NumberList(argument: "1")!

    @Option(help: "Sequences at once, such as 1,8,32; in weak scaling for each rank.")
    var sequences = NumberList(argument: "1")!

    @Option(help: "Microbatches in flight, such as auto,2,4; auto is chosen by the work.")
    var microbatches = MicrobatchList(argument: "auto")!

    @Option(help: "What happens to the sequences with more ranks: nothing (strong), they grow (weak), or both in turn.")
    var scaling = Scaling.strong

    @Option(help: "Tokens of the prompt.")
    var promptTokens = 512

    @Option(help: "Tokens to generate after it.")
    var generateTokens = 64

    @Option(help: "Counted repetitions of each point, after one that is not.")
    var repetitions = 3

    @Option(help: "The machines, as in scripts/launch. Default: $STAGECOACH_HOSTFILE, or this machine alone.")
    var hostfile: String?

    @Option(help: "Seconds that a point may take; then it is ended and noted as failed.")
    var pointTimeout = 600

    @Flag(inversion: .prefixedNo, help: "One more short run for the report's timeline.")
    var timeline = true

    @Flag(help: "Print exactly one line of JSON on stdout: all points.")
    var json = false

    @Argument(parsing: .allUnrecognized, help: "What bench gets as it is, such as --kv-type q8_0.")
    var passedOn: [String] = []

    /// `bench --sweep` as the command that it is.
    static func expand(_ arguments: [String]) -> [String] {
        guard arguments.first == "bench", arguments.contains("--sweep") else { return arguments }
        return ["sweep"] + arguments.dropFirst().filter { $0 != "--sweep" }
    }

    func validate() throws {
        if !(1...1_000_000).contains(pointTimeout) {
            throw ValidationError("--point-timeout must be 1 to 1000000 seconds.")
        }
        if passedOn.contains("--trace") {
            throw ValidationError("A sweep makes a trace of its own; leave out --trace.")
        }
        // A wrong flag is one message here, not one for each point.
        do {
            for point in definition.grid.points {
                _ = try Bench.parse(Array(definition.benchArguments(point).dropFirst()))
            }
        } catch { throw ValidationError(Bench.message(for: error)) }
    }

    func run() throws {
        do { try sweep() } catch let error as SweepError { throw EngineError(error) }
    }

    private func sweep() throws {
        guard LauncherRank.isAlone else {
            throw EngineError.usage("bench --sweep starts mpirun itself, for each point; start it alone")
        }
        guard access(model, R_OK) == 0 else {
            throw EngineError.badInput("cannot read \(model): \(String(cString: strerror(errno))); check the path")
        }
        let definition = definition
        let run = SweepRun(
            definition, launch: try LaunchLine.here(hostfile: definition.hostfile),
            runner: PointRunner(limit: .seconds(pointTimeout), logs: "\(output)/logs"))
        let journal = try SweepJournal(folder: output, definition)
        Interruption.listen()
        let (sweepConsole, tracePath) = (SweepConsole(definition), knowsTraces ? "\(output)/trace.json" : nil)
        let (finished, timeline) = try Blocking.wait { () async throws -> (SweepJournal, SweepTimeline) in
            var journal = journal
            guard try await run.measure(&journal, sweepConsole.show) else {
                return (journal, .absent("the sweep was ended."))
            }
            return (journal, try await Self.timeline(run, journal, tracePath))
        }
        try write(SweepReport(definition, finished, timeline: timeline, date: Self.now), finished)
    }

    private static func timeline(
        _ run: SweepRun, _ journal: SweepJournal, _ path: String?
    ) async throws(SweepError) -> SweepTimeline {
        guard let path else { return .absent("it was not asked for, or this build writes no traces.") }
        let measured = run.definition.grid.points.filter { journal.records[$0]?.result != nil }
        guard let point = SweepTimeline.choose(from: measured) else { return .absent("no point was measured.") }
        return try await run.trace(point, to: path)
    }

    private func write(_ report: SweepReport, _ journal: SweepJournal) throws {
        try journal.write(report.csv, to: "points.csv")
        try journal.write(try report.json, to: "points.json")
        try journal.write(report.html, to: "report.html")
        if let signal = Interruption.signal {
            Console.log("stagecoach: the sweep was ended; the same command goes on where it was\n")
            Glibc.exit(128 + signal)
        }
        Console.print(json ? try report.json : "\(output)/report.html\n")
        let records = definition.grid.points.compactMap { journal.records[$0] }
        let failed = records.filter { $0.result == nil }
        guard failed.count < records.count else {
            throw EngineError.failure(
                "all \(records.count) points failed, the last one with: \(failed.last?.error ?? "")")
        }
        if !failed.isEmpty {
            Console.log("stagecoach: \(failed.count) of \(records.count) points failed; the report says why\n")
        }
    }
}

extension Sweep {
    private var definition: SweepDefinition {
        SweepDefinition(
            version: Build.version, model: model,
            hostfile: hostfile ?? getenv("STAGECOACH_HOSTFILE").map { String(cString: $0) },
            promptTokens: promptTokens, generateTokens: generateTokens, repetitions: repetitions,
            grid: SweepGrid(
                ranks: ranks.numbers, threads: threads.numbers, sequences: sequences.numbers,
                microbatches: microbatches.counts, scaling: scaling), passedOn: passedOn)
    }

    /// The date and time, to the minute.
    private static var now: String {
        let text = Date.now.ISO8601Format()
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// Whether a timeline is wanted, and this build's `bench` can write the trace for it.
    private var knowsTraces: Bool {
        timeline && (try? Bench.parse(["--model", model, "--trace", "trace.json"])) != nil
    }
}

extension Scaling: ExpressibleByArgument {}
