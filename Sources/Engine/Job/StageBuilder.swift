import Clusters
import Kernels
import Microbatches
import ModelFiles
import Planning
import Requests
import Ring
import Scheduling
import Transformer

/// What this rank builds its stage of a run from: the model's file, which is open but not read, and the kernels and threads
/// that compute it, or else a host to emulate.
struct StageBuilder {
    let model: Model
    let rank: Int
    /// The hosts of all ranks, by rank.
    let hosts: [String]
    let threadCount: Int
    /// Cores whose time quotas leave to this rank, where that is less than it may use.
    let cpuQuota: Double?
    let kernels: KernelSet
    /// What is emulated; nil, as usual, for nothing.
    let emulation: Emulation?
    let configuration: JobConfiguration
    private let costs: LayerCosts

    init(_ configuration: JobConfiguration, _ cluster: Cluster) throws {
        self.configuration = configuration
        rank = cluster.rank
        emulation = try configuration.emulation.map { try Emulation($0, rankCount: cluster.size) }
        hosts = emulation?.profile.hosts.map(\.name) ?? cluster.hosts
        kernels = try KernelSet(InstructionSet.chosen())
        model = try Model(path: configuration.modelPath, quantization: configuration.quantization)
        costs = LayerCosts(model)
        cpuQuota = emulation == nil ? cluster.hostShare.cpuQuota : nil
        threadCount = emulation?.host(of: rank).threads ?? configuration.threads ?? cluster.hostShare.threadCount
    }

    /// Refuses a slice that lacks what this rank is to hold.
    func check(_ plan: JobPlan) throws(EngineError) {
        guard let slice = model.slice else { return }
        let layers = plan.partition.layers(of: rank)
        guard slice.layers.lowerBound <= layers.lowerBound, layers.upperBound <= slice.layers.upperBound,
            slice.holdsEnds || rank > 0
        else {
            throw .badInput(
                "the model file is a slice with layers \(slice.layers.lowerBound) to \(slice.layers.upperBound - 1)"
                    + (slice.holdsEnds ? "" : " and without the head") + ", but this rank is to hold layers "
                    + "\(layers.lowerBound) to \(layers.upperBound - 1); give the rank its own slice, and --partition as "
                    + "it was for split")
        }
    }

    /// Reads this rank's slice and reserves its KV cache.
    ///
    /// - Parameter onProgress: Told how many more bytes were read, and how many there are.
    func build(_ plan: JobPlan, _ onProgress: @escaping (Int, Int) -> Void) throws -> BuiltStage {
        let team = try ThreadTeam(threadCount: threadCount)
        let total = storedByteCount(plan, rank: rank)
        let loader = WeightLoader(team: team) { onProgress($0, total) }
        let layers = plan.partition.layers(of: rank)
        let cache = try makeCache(layerCount: layers.count, plan.memory.capacity)
        let stage = try Stage(
            model, layerRange: layers, cache: cache, rowCapacity: plan.rowCapacity, team: team, kernels: kernels,
            loader: loader)
        if configuration.hashedPositions > 0 {
            stage.hashes = LayerHashes(layerCount: layers.count, positionCount: configuration.hashedPositions)
        }
        let head = rank == 0 ? try OutputHead(model, team: team, kernels: kernels, loader: loader) : nil
        let ends = try head.map { ComputedEnds(embedding: try TokenEmbedding(model), head: $0) }
        return BuiltStage(stage: stage, ends: ends, longestStep: longestStep(plan))
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
    private func longestStep(_ plan: JobPlan) -> Double {
        let slowRate = kernels.instructionSet == .portable ? 0.3e9 : 10e9
        let bytes = max(costs.layers.max() ?? 0, costs.head)
        return Double(bytes) * 4 * Double(plan.rowCapacity) / slowRate
    }
}

/// Sizes that the model's file decides.
extension StageBuilder {
    /// Blocks of keys and values that this rank can hold.
    ///
    /// - Parameter memory: Bytes that its host has left for it; nil: not known.
    func affordableBlocks(_ plan: JobPlan, memory: Int?) -> Int {
        let layers = plan.partition.layers(of: rank)
        let blockBytes = layers.count * KVCache.blockByteCount(model.configuration, type: configuration.kvType)
        return plan.memory.affordableBlocks(
            blockBytes: blockBytes, weightBytes: weightByteCount(layers), available: available(plan, memory: memory))
    }

    private func available(_ plan: JobPlan, memory: Int?) -> Int? {
        if let emulation { return emulation.host(of: rank).memoryBytes }
        // What the user says is not doubted.
        return plan.memory.byteLimit == nil ? memory : nil
    }

    /// Bytes that are left and bytes that the weights take, where those are more.
    func lack(_ plan: JobPlan, memory: Int?) -> Lack? {
        let weights = weightByteCount(plan.partition.layers(of: rank))
        return available(plan, memory: memory).flatMap { $0 < weights ? Lack(memory: $0, weights: weights) : nil }
    }

    struct Lack: Codable {
        let memory: Int
        let weights: Int
    }

    /// Bytes of the weights that this rank keeps.
    private func weightByteCount(_ layers: Range<Int>) -> Int {
        layers.reduce(0) { $0 + model.layer($1).byteCount }
            + (rank == 0 ? model.outputHead.byteCount + model.outputNorm.byteCount : 0)
    }

    /// Bytes of the files that a rank reads.
    private func storedByteCount(_ plan: JobPlan, rank: Int) -> Int {
        plan.partition.layers(of: rank).reduce(0) { $0 + model.layer($1).storedByteCount }
            + (rank == 0 ? model.outputHead.fileRange.count + model.outputNorm.fileRange.count : 0)
    }

    /// The same of all ranks.
    func storedByteCount(_ plan: JobPlan) -> Int {
        (0..<plan.rankCount).reduce(0) { $0 + storedByteCount(plan, rank: $1) }
    }

    /// Bytes of the largest frame.
    func frameCapacity(_ plan: JobPlan) -> Int {
        let limits = plan.frameLimits
        return max(
            Frame.byteCount(
                operations: limits.operationCapacity, spans: limits.spanCapacity, rows: plan.rowCapacity,
                hiddenSize: model.configuration.hiddenSize),
            Frame.byteCount(measuring: plan.rankCount),
            Frame.byteCount(hashing: model.configuration.layerCount, positions: configuration.hashedPositions))
    }

    /// What reports say of the run.
    func facts(_ plan: JobPlan) -> JobFacts {
        JobFacts(
            plan: plan, threadCount: threadCount, cpuQuota: cpuQuota, hosts: hosts,
            emulatedHost: emulation?.host(of: 0),
            instructionSet: emulation == nil ? kernels.instructionSet.rawValue : "emulated",
            weightBytesPerToken: costs.layers.reduce(costs.head, +))
    }
}
