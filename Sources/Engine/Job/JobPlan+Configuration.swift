import Clusters
import ModelFiles
import Planning
import Requests
import Ring
import Tensors
import Transformer

/// What a user asks of a run becomes its plan.
extension JobPlan {
    /// The plan of a run of `model` over so many ranks, before anything is known of them.
    init(_ configuration: JobConfiguration, _ model: Model, rankCount: Int) throws {
        let context = configuration.contextLength(of: model)
        guard context <= model.configuration.contextLength else {
            throw EngineError.usage(
                "--context \(context) is more than the model's \(model.configuration.contextLength)")
        }
        let (partition, choice) = try Partition.chosen(configuration, model, rankCount: rankCount)
        self.init(
            configuration, ModelShape(model), context: context, partition, choice,
            inputs: try FingerprintInput.all(configuration, model, context: context, partition, choice))
    }

    /// The same of a model of which only the shape is here.
    init(
        _ configuration: JobConfiguration, _ shape: ModelShape, context: Int, _ partition: Partition,
        _ choice: PartitionChoice, inputs: [FingerprintInput] = []
    ) {
        self.init(
            partition, choice,
            costs: CostModel(
                shape, kvType: configuration.kvType.elementType,
                wireBytesPerElement: configuration.wire.bytesPerElement, rowCapacity: configuration.prefillChunk),
            memory: JobMemory(
                type: configuration.kvType.elementType, context: context, sequences: configuration.maxSequences,
                byteLimit: configuration.kvMemory),
            flight: JobFlight(microbatches: configuration.microbatches, chunk: configuration.prefillChunk),
            workload: configuration.workload, inputs: inputs)
    }
}

extension Partition {
    /// The partition that is asked for, or that the model's slices were cut for; else an even one, until hosts are known.
    static func chosen(
        _ configuration: JobConfiguration, _ model: Model, rankCount: Int
    ) throws(PartitionError) -> (Partition, PartitionChoice) {
        let layerCount = model.configuration.layerCount
        if let text = configuration.partition {
            return (try Partition(parsing: text, ranks: rankCount, layerCount: layerCount), .given)
        }
        if let counts = model.slice?.partition {
            return (try Partition(layerCounts: counts, ranks: rankCount, layerCount: layerCount), .given)
        }
        return (try Partition(even: layerCount, ranks: rankCount), .even)
    }
}

extension FingerprintInput {
    /// What decides a run, on the command line or in the model's file.
    fileprivate static func all(
        _ configuration: JobConfiguration, _ model: Model, context: Int, _ partition: Partition,
        _ choice: PartitionChoice
    ) throws(FileReadError) -> [FingerprintInput] {
        let sameCommand = "give every rank the same flags"
        let rowCapacity = configuration.rowCapacity(of: model.configuration)
        return [
            .init("model", String(try model.identity(), radix: 16), advice: "give every host the same model file"),
            .init("quantization", model.quantization?.name ?? "none", advice: sameCommand),
            // Ranks take other steps where layers are still to be planned than where a flag or a slice says which.
            .init(
                "partition", choice == .given ? partition.description : "planned",
                advice: "give every rank the same --partition, or its slice of one split"),
            .init("context", context, advice: sameCommand),
            .init("wire type", configuration.wire.rawValue, advice: sameCommand),
            .init("sequences", configuration.maxSequences, advice: sameCommand),
            .init("KV type", configuration.kvType.rawValue, advice: sameCommand),
            .init("prefill chunk", rowCapacity, advice: sameCommand),
        ]
    }
}

extension Fingerprint {
    /// What the ranks compare before they load: the program, the plan, and what is emulated.
    init(_ plan: JobPlan, emulating emulation: Emulation?) {
        self.init()
        let sameBuild = "copy one build to every host (scripts/deploy)"
        add("build", Build.version, advice: sameBuild)
        add("wire format", Frame.formatVersion, advice: sameBuild)
        for input in plan.inputs { add(input.name, input.value, advice: input.advice) }
        if let emulation { add("emulation", emulation.digest, advice: "give every rank the same flags") }
    }
}
