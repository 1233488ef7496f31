import ArgumentParser
import Engine
import Probes
import Ring
import Tensors
import Transformer

/// The flags of every command that runs a model.
struct JobOptions: ParsableArguments {
    @Option(help: "The model: a GGUF file or a Hugging Face folder.")
    var model: String

    @Option(
        help: """
            Threads of this rank. Default: the cores it may use, or what CPU quotas leave of their time, divided among the \
            ranks that share them.
            """)
    var threads: Int?

    @Option(help: "Layers of each rank, such as 9,8,8,5; rank 0 may own none. Default: balanced by cost.")
    var partition: String?

    @Option(
        help: """
            Where a run that plans its layers has the figures of hosts and links from: "fresh" measures them and keeps them \
            for later starts, "kept" takes those and measures what they lack, and a FILE tells them, as plan --save writes \
            it. Default: they are measured, and not kept.
            """)
    var profile: ProfileSource?

    @Option(help: "The most tokens of a sequence. Default: the model's, at most 4096.")
    var context: Int?

    @Option(name: .customLong("kv-type"), help: "How keys and values are kept: f16, f32 or q8_0.")
    var kvType: KVType = .f16

    @Option(help: "Prompt tokens of one microbatch. Default: at most 128, chosen by the work.")
    var prefillChunk: Int?

    @Option(
        help: """
            Keep plain floats as this type in memory, such as Q8_0, Q4_0 or Q4_K, quantized as they are loaded. Default: as \
            the files have them.
            """)
    var quantize: ElementType?

    @Option(help: "How hidden states travel: f32, or f16 or q8, with which tokens depend on the number of ranks.")
    var wire: WireType = .f32

    @Option(
        help: """
            Memory for keys and values on each rank, such as 4G or 512M. Default: for as many full sequences as may run, \
            as far as the host has it left.
            """)
    var kvMemory: MemorySize?

    @Option(help: "Microbatches in flight between the ranks. Default: chosen by the work.")
    var microbatches: Int?

    @Option(help: "Seconds without a sign of life from a rank, from its start to its end, after which the run ends.")
    var timeout = 60.0

    @Option(help: "Write what every rank did when to this file, for Perfetto or chrome://tracing.")
    var trace: String?

    @Option(
        name: .customLong("cache"),
        help: "Where a rank without the model keeps its slice. Default: the user's cache folder.")
    var cacheFolder: String?

    @Option(help: "What slices there may take, such as 200G; those not used for longest go first.")
    var cacheSize: MemorySize?

    @Flag(name: .customLong("no-cache"), help: "Fetch slices for this run only.")
    var keepsNoSlices = false

    @Flag(help: "Print exactly one line of JSON on stdout.")
    var json = false

    func validate() throws {
        try LauncherRank.refuseStrangers()
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be 1 to 1024.") }
        if let context, !(1...(1 << 24)).contains(context) { throw ValidationError("--context must be 1 to 16777216.") }
        if let prefillChunk, !(1...4096).contains(prefillChunk) {
            throw ValidationError("--prefill-chunk must be 1 to 4096.")
        }
        if quantize == .f32 { throw ValidationError("--quantize takes a type smaller than F32.") }
        if let quantize, !quantize.isWritable {
            throw ValidationError("\(quantize.name) is only read from files: take Q8_0, Q6_K, Q5_K, Q4_K or Q4_0")
        }
        if let microbatches, !(1...1024).contains(microbatches) {
            throw ValidationError("--microbatches must be 1 to 1024.")
        }
        if !(timeout > 0 && timeout <= 1e6) {
            throw ValidationError("--timeout must be more than 0 and at most 1000000 seconds.")
        }
    }

    var configuration: JobConfiguration {
        var configuration = JobConfiguration(
            modelPath: model, threads: threads, partition: partition, context: context, kvType: kvType,
            prefillChunk: prefillChunk, kvMemory: kvMemory?.bytes, microbatches: microbatches, timeout: timeout)
        configuration.profileSource = profile ?? .measured
        configuration.wire = wire
        configuration.tracePath = trace
        configuration.quantization = quantize
        configuration.cacheFolder = cacheFolder
        if let cacheSize { configuration.cacheSize = cacheSize.bytes }
        configuration.keepsSlices = !keepsNoSlices
        return configuration
    }
}

extension KVType: ExpressibleByArgument {}
extension ProfileSource: ExpressibleByArgument {
    public init?(argument: String) {
        switch argument {
        case "": return nil
        case "fresh": self = .fresh
        case "kept": self = .kept
        default: self = .file(path: argument)
        }
    }
}
extension WireType: ExpressibleByArgument {}
