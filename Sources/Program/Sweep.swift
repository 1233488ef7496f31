import ArgumentParser
import Engine
import Requests
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
        let layouts = ranks.numbers.count * threads.numbers.count * microbatches.counts.count
        if layouts > 10_000 || layouts * sequences.numbers.count > 10_000 {
            throw ValidationError("That is more than 10000 points; list fewer.")
        }
        if passedOn.contains(where: { $0 == "--trace" || $0.hasPrefix("--trace=") }) {
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
}

extension Scaling: ExpressibleByArgument {}
