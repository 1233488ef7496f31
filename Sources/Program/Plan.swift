import ArgumentParser
import Engine
import Planning
import Probes
import ReportSchemas
import Requests
import Ring
import Transformer

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say which layers go where, what they need and how fast that will be, before anything is loaded.",
        discussion: """
            Under mpirun every rank and every link is measured first. With --hostfile, --cluster or --ranks nothing runs \
            on the hosts: the cluster file says what they can do, and what it leaves out is taken from this machine.
            """)

    @OptionGroup var shape: ShapeOptions
    @OptionGroup var hosts: ClusterOptions
    @OptionGroup var simulation: SimulationOptions

    @Option(
        help: """
            Threads of a rank that is measured. Default: the cores it may use, or what CPU quotas leave of their time, \
            shared by the ranks there.
            """)
    var threads: Int?

    @Option(help: "Layers of each rank, such as 9,8,8,5. Default: the fastest partition that fits.")
    var partition: String?

    @Option(help: "The most tokens of a sequence: memory is planned for it. Default: the model's, at most 4096.")
    var context: Int?

    @Option(name: .customLong("kv-type"), help: "How keys and values are kept: f16, f32 or q8_0.")
    var kvType: KVType = .f16

    @Option(help: "Sequences at once, such as 1,8,32: a prediction for each number, memory for the largest.")
    var sequences = "1"

    @Option(help: "Tokens of a prompt; with --simulate also a range, such as 64..1024.")
    var promptTokens = TokenRange(512...512)

    @Option(help: "Tokens to generate after it; with --simulate also a range.")
    var generateTokens = TokenRange(64...64)

    @Option(help: "Prompt tokens of one microbatch. Default: at most 128, chosen by the work.")
    var prefillChunk: Int?

    @Option(help: "Microbatches in flight between the ranks. Default: chosen by the work.")
    var microbatches: Int?

    @Option(help: "How hidden states travel: f32, f16 or q8.")
    var wire: WireType = .f32

    @Option(help: "Write what was measured of hosts and links to this file, for --cluster.")
    var save: String?

    @Flag(help: "Print exactly one line of JSON on stdout.")
    var json = false

    func validate() throws {
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be 1 to 1024.") }
        if let context, !(1...(1 << 24)).contains(context) { throw ValidationError("--context must be 1 to 16777216.") }
        if generateTokens.range.lowerBound < 2, !simulation.simulate {
            throw ValidationError("--generate-tokens must be at least 2.")
        }
        if let prefillChunk, !(1...4096).contains(prefillChunk) {
            throw ValidationError("--prefill-chunk must be 1 to 4096.")
        }
        if let microbatches, !(1...65536).contains(microbatches) {
            throw ValidationError("--microbatches must be 1 to 65536.")
        }
        if !simulation.simulate, promptTokens.range.count > 1 || generateTokens.range.count > 1 {
            throw ValidationError("Ranges of tokens go with --simulate.")
        }
        _ = try SequenceCounts.parse(sequences)
    }

    func run() throws {
        guard hosts.isDry else { return try measure() }
        guard LauncherRank.isFirst else { return }
        let (shape, contextLength) = try self.shape.read()
        let given = try hosts.read()
        let work = try work(shape, contextLength, rankCount: given.names.count)
        let survey = Survey(shape, kvType: kvType.elementType, threads: threads)
        let (cluster, isAssumed) = try given.file.profile(of: given.names, measuring: survey.measureThisMachine)
        try report(work.request(shape, on: cluster), isAssumed ? .assumed : .given)
    }

    private func measure() throws {
        var prepared: (work: PlannedWork, output: OutputFile?)?
        try Survey.run(timeout: 60, observer: JobConsole()) { rankCount in
            let (shape, contextLength) = try self.shape.read()
            if LauncherRank.isFirst {
                let work = try work(shape, contextLength, rankCount: rankCount)
                prepared = (work, try save.map(OutputFile.init))
            }
            return Survey(shape, kvType: kvType.elementType, threads: threads)
        } report: { survey, cluster in
            let (work, output) = prepared!
            if let output { try ClusterFile(cluster).json.withUnsafeBytes { try output.write($0) } }
            try report(work.request(survey.shape, on: cluster), .measured)
        }
    }

    /// What the flags ask for, refused where it cannot be, before anything is measured.
    private func work(_ shape: ModelShape, _ contextLength: Int, rankCount: Int) throws -> PlannedWork {
        let (tokens, isTooMany) = promptTokens.range.upperBound.addingReportingOverflow(generateTokens.range.upperBound)
        let context = context ?? max(min(contextLength, 4096), isTooMany ? 0 : min(tokens, contextLength))
        guard context <= contextLength else {
            throw EngineError.usage("--context \(context) is more than the model's \(contextLength)")
        }
        guard tokens <= context else {
            throw EngineError.usage(
                "\(promptTokens.range.upperBound) prompt tokens and \(generateTokens.range.upperBound) generated ones do "
                    + "not fit the context of \(context); ask for fewer or raise --context")
        }
        let partition = try partition.map {
            try Partition(parsing: $0, ranks: rankCount, layerCount: shape.layers.count)
        }
        return PlannedWork(
            flags: self, context: context, sequences: try SequenceCounts.parse(sequences), partition: partition)
    }

    private func report(_ request: PlanRequest, _ source: PlanTable.Source) throws {
        if simulation.simulate {
            let partition = try request.partitionThatFits()
            let outcome = request.simulate(
                simulation.pattern(promptTokens.range, generateTokens.range, sequences: request.sequences.max()!),
                partition)
            let report = SimulationReport(outcome, request, partition)
            return json ? try Console.print(json: report) : Console.print(SimulationTable(report).text)
        }
        let plan = try Plan(request)
        json ? try Console.print(json: PlanReport(plan)) : Console.print(PlanTable(plan, request, source).text)
    }
}

/// What a plan is for, before anything is known of the hosts.
private struct PlannedWork {
    let flags: PlanCommand
    let context: Int
    let sequences: [Int]
    let partition: Partition?

    func request(_ shape: ModelShape, on cluster: ClusterProfile) -> PlanRequest {
        var request = PlanRequest(
            shape, on: cluster, kvType: flags.kvType.elementType, context: context,
            promptTokens: flags.promptTokens.mean, generateTokens: max(2, flags.generateTokens.mean),
            sequences: sequences)
        request.chunk = flags.prefillChunk
        request.wireBytesPerElement = flags.wire.bytesPerElement
        request.microbatches = flags.microbatches
        request.partition = partition
        return request
    }
}
