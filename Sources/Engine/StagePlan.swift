import Clusters
import Kernels
import Microbatches
import ModelFiles
import Planning
import Requests
import Ring
import Scheduling
import Transformer

/// What one rank is going to hold, worked out from the model's header before any weight is read.
struct StagePlan {
    let model: Model
    /// As asked for; or else, until ``decide(_:)``, any that the model allows.
    var partition: Partition
    /// What hosts and links can do, where it was measured.
    var profile: ClusterProfile?
    let rank: Int
    let contextLength: Int
    let threadCount: Int
    let configuration: JobConfiguration
    let kernels: KernelSet
    /// What is emulated; nil, as usual, for nothing.
    let emulation: Emulation?
    private let hosts: [String]
    private let costs: LayerCosts

    init(_ configuration: JobConfiguration, _ cluster: Cluster) throws {
        self.configuration = configuration
        rank = cluster.rank
        emulation = try configuration.emulation.map { try Emulation($0, rankCount: cluster.size) }
        hosts = emulation?.profile.hosts.map(\.name) ?? cluster.hosts
        kernels = try KernelSet(InstructionSet.chosen())
        model = try Model(path: configuration.modelPath, quantization: configuration.quantization)
        contextLength = configuration.contextLength(of: model)
        guard contextLength <= model.configuration.contextLength else {
            throw EngineError.usage(
                "--context \(contextLength) is more than the model's \(model.configuration.contextLength)")
        }
        costs = LayerCosts(model)
        partition = try Self.partition(of: model, configuration, ranks: cluster.size)
        try Self.check(model.slice, partition.layers(of: rank), isFirst: rank == 0)
        threadCount = emulation?.host(of: rank).threads ?? configuration.threads ?? cluster.defaultThreadCount
    }

    /// The partition that is asked for, or that the model's slices were cut for; else, until ``decide(_:)``, an even one.
    static func partition(of model: Model, _ configuration: JobConfiguration, ranks: Int) throws -> Partition {
        let layerCount = model.configuration.layerCount
        if let text = configuration.partition {
            return try Partition(parsing: text, ranks: ranks, layerCount: layerCount)
        }
        if let counts = model.slice?.partition {
            return try Partition(layerCounts: counts, ranks: ranks, layerCount: layerCount)
        }
        return try Partition(even: layerCount, ranks: ranks)
    }

    /// Refuses a slice that lacks what this rank is to hold.
    private static func check(_ slice: ModelSlice?, _ layers: Range<Int>, isFirst: Bool) throws(EngineError) {
        guard let slice else { return }
        guard slice.layers.lowerBound <= layers.lowerBound, layers.upperBound <= slice.layers.upperBound,
            slice.holdsEnds || !isFirst
        else {
            throw .badInput(
                "the model file is a slice with layers \(slice.layers.lowerBound) to \(slice.layers.upperBound - 1)"
                    + (slice.holdsEnds ? "" : " and without the head") + ", but this rank is to hold layers "
                    + "\(layers.lowerBound) to \(layers.upperBound - 1); give the rank its own slice, and --partition as "
                    + "it was for split")
        }
    }

    var facts: JobFacts {
        let matrices = (0..<model.configuration.layerCount).flatMap { model.layer($0).matrices }
        let integers = matrices.reduce(0) { $0 + ($1.type.isQuantized ? $1.elementCount : 0) }
        let floats = matrices.reduce(-integers) { $0 + $1.elementCount }
        return JobFacts(
            rankCount: partition.rankCount, threadCount: threadCount, partition: partition.layerCounts, hosts: hosts,
            emulatedHost: emulation?.host(of: 0),
            instructionSet: emulation == nil ? kernels.instructionSet.rawValue : "emulated", partitionPlan: partition,
            profile: profile, costModel: costModel, microbatches: configuration.microbatches,
            weightBytesPerToken: costs.layers.reduce(costs.head, +),
            integerOperationsPerToken: 2 * integers, floatOperationsPerToken: 2 * floats, shares: shares)
    }

    /// The most rows of a microbatch.
    var rowCapacity: Int { configuration.rowCapacity(of: model.configuration) }

    var promptRules: PromptRules { PromptRules(model.configuration, contextLength: contextLength) }

    /// What the ranks compare before they load.
    var fingerprint: Fingerprint {
        var fingerprint = Fingerprint()
        let sameCommand = "give every rank the same flags"
        fingerprint.add("build", Build.version, advice: "copy one build to every host (scripts/deploy)")
        fingerprint.add("wire format", Frame.formatVersion, advice: "copy one build to every host (scripts/deploy)")
        fingerprint.add("model", String(model.identity, radix: 16), advice: "give every host the same model file")
        fingerprint.add("quantization", model.quantization?.name ?? "none", advice: sameCommand)
        fingerprint.add("partition", configuration.partition ?? "planned", advice: sameCommand)
        fingerprint.add("context", contextLength, advice: sameCommand)
        fingerprint.add("wire type", configuration.wire.rawValue, advice: sameCommand)
        fingerprint.add("sequences", configuration.maxSequences, advice: sameCommand)
        fingerprint.add("KV type", configuration.kvType.rawValue, advice: sameCommand)
        fingerprint.add("prefill chunk", rowCapacity, advice: sameCommand)
        if let emulation { fingerprint.add("emulation", emulation.digest, advice: sameCommand) }
        return fingerprint
    }

    /// Reads this rank's slice and reserves its KV cache.
    ///
    /// - Parameter onProgress: Told how many more bytes were read, and how many there are.
    func load(
        _ cluster: Cluster, capacity: KVCapacity, _ onProgress: @escaping (Int, Int) -> Void
    ) throws -> LoadedStage {
        if let emulation { return try emulate(emulation, cluster, capacity: capacity) }
        let team = try ThreadTeam(threadCount: threadCount)
        let total = storedByteCount(of: rank)
        let loader = WeightLoader(team: team) { onProgress($0, total) }
        let layers = partition.layers(of: rank)
        let cache = try makeCache(layerCount: layers.count, capacity)
        let limits = schedulerLimits(capacity)
        let stage = try Stage(
            model, layerRange: layers, cache: cache, rowCapacity: rowCapacity, team: team,
            kernels: kernels, loader: loader)
        if configuration.hashedPositions > 0 {
            stage.hashes = LayerHashes(layerCount: layers.count, positionCount: configuration.hashedPositions)
        }
        let head = rank == 0 ? try OutputHead(model, team: team, kernels: kernels, loader: loader) : nil
        let frameCapacity = frameCapacity(limits)
        let link = carrying(
            try cluster.makeLink(
                frameCapacity: frameCapacity, previousLayers: partition.layers(of: cluster.previousRank),
                longestStep: longestStep),
            frameCapacity: frameCapacity)
        let ends = head.map { ComputedEnds(embedding: TokenEmbedding(model), head: $0) }
        return LoadedStage(plan: self, stage: stage, ends: ends, link: link, runID: cluster.runID, limits: limits)
    }

    /// Bytes of the largest frame.
    func frameCapacity(_ limits: SchedulerLimits) -> Int {
        max(
            Frame.byteCount(
                operations: limits.operationCapacity, spans: limits.spanCapacity, rows: rowCapacity,
                hiddenSize: model.configuration.hiddenSize),
            Frame.byteCount(measuring: partition.rankCount),
            Frame.byteCount(hashing: model.configuration.layerCount, positions: configuration.hashedPositions))
    }

    /// `link`, or one over it that sends hidden states as the user asks.
    func carrying(_ link: any Link, frameCapacity: Int) -> any Link {
        link.carrying(
            partition.rankCount == 1 ? .f32 : configuration.wire, hiddenSize: model.configuration.hiddenSize,
            frameCapacity: frameCapacity)
    }

    func schedulerLimits(_ capacity: KVCapacity) -> SchedulerLimits {
        guard let profile, rank == 0 else {
            return SchedulerLimits(
                capacity: capacity, rowCapacity: rowCapacity, stageCount: partition.rankCount,
                microbatches: configuration.microbatches)
        }
        let costs = costModel
        return SchedulerLimits(
            capacity, costs.stages(partition, on: profile.crowdedHosts ?? profile.hosts), edges: profile.edges,
            costs: costs, chunk: configuration.prefillChunk, microbatches: configuration.microbatches)
    }

    private func makeCache(layerCount: Int, _ capacity: KVCapacity) throws -> KVCache {
        do {
            return try KVCache(
                layerCount: layerCount, configuration: model.configuration, type: configuration.kvType,
                capacity: capacity)
        } catch {
            throw EngineError.failure("\(error) for the KV cache; ask for less with --context")
        }
    }

    /// Seconds between two signs of life of a stage, at worst: a layer or the head for a full microbatch, on a slow and
    /// shared core. A byte of weights stands for up to four operations a row.
    private var longestStep: Double {
        let slowRate = kernels.instructionSet == .portable ? 0.3e9 : 10e9
        let bytes = max(costs.layers.max() ?? 0, costs.head)
        return Double(bytes) * 4 * Double(rowCapacity) / slowRate
    }

    /// Bytes of the files that a rank reads.
    private func storedByteCount(of rank: Int) -> Int {
        partition.layers(of: rank).reduce(0) { $0 + model.layer($1).storedByteCount }
            + (rank == 0 ? model.outputHead.fileRange.count + model.outputNorm.fileRange.count : 0)
    }

    /// The same of all ranks.
    var storedByteCount: Int { (0..<partition.rankCount).reduce(0) { $0 + storedByteCount(of: $1) } }

    /// Bytes of the weights that this rank keeps.
    var sliceByteCount: Int {
        partition.layers(of: rank).reduce(0) { $0 + model.layer($1).byteCount }
            + (rank == 0 ? model.outputHead.byteCount + model.outputNorm.byteCount : 0)
    }
}
