import Microbatches
import Scheduling

/// What a run of some work is going to take, simulated with the scheduler that the run will use.
public struct Prediction: Sendable {
    public let workload: Workload
    public let prefill: SimulatedOutcome
    public let decode: SimulatedOutcome
    /// What limits the prompts, and decode.
    public let prefillBottleneck: Bottleneck
    public let bottleneck: Bottleneck
    /// What stages cost while they compute prompts, and while they decode, by rank.
    public let prefillStages: [StageCost]
    public let decodeStages: [StageCost]
    public let edges: [LinkProfile]

    /// Prompt tokens a second, summed over the sequences.
    public var prefillTokensPerSecond: Double {
        Double(prefill.promptTokens) / (prefill.timesToFirstToken.max() ?? .infinity)
    }
    /// Tokens a second after the first ones, summed over the sequences.
    public var decodeTokensPerSecond: Double { Double(decode.generatedTokens) / decode.seconds }
    /// Seconds to the first token: the median of the sequences.
    public var timeToFirstToken: Double {
        let sorted = prefill.timesToFirstToken.sorted()
        return sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// - Parameter microbatches: microbatches in flight; nil: as the scheduler chooses.
    public init(
        _ workload: Workload, _ partition: Partition, on cluster: ClusterProfile, costs: CostModel,
        microbatches: Int? = nil
    ) {
        let alone = costs.stages(partition, on: cluster.hosts)
        let crowded = cluster.crowdedHosts.map { costs.stages(partition, on: $0) } ?? alone
        let limits = SchedulerLimits(
            KVCapacity.roomy(
                slotCount: workload.sequences, contextLength: workload.promptTokens + workload.generateTokens),
            crowded, edges: cluster.edges, costs: costs, chunk: workload.chunk, microbatches: microbatches)
        let request = SimulatedRequest(
            promptTokens: workload.promptTokens, generateTokens: workload.generateTokens)
        let requests = Array(repeating: request, count: workload.sequences)

        // How fast a stage is depends on how busy the others are, and the other way round: a few rounds settle it.
        var (prefill, decode) = (SimulatedOutcome(), SimulatedOutcome())
        var shares = (prefill: 0.0, decode: 0.0)
        var (prefillStages, decodeStages) = (alone, alone)
        for _ in 0..<(cluster.crowdedHosts == nil ? 1 : 4) {
            prefillStages = zip(alone, crowded).map { $0.mixed(with: $1, share: shares.prefill) }
            decodeStages = zip(alone, crowded).map { $0.mixed(with: $1, share: shares.decode) }
            var run = PipelineSimulation(prefillStages, edges: cluster.edges, costs: costs, limits: limits)
            prefill = run.prefill(requests)
            decode = run.decode(on: decodeStages)
            shares = (prefill.busyShareOfOthers, decode.busyShareOfOthers)
        }
        self.workload = workload
        self.prefill = prefill
        self.decode = decode
        self.prefillStages = prefillStages
        self.decodeStages = decodeStages
        edges = cluster.edges
        prefillBottleneck = Bottleneck(prefill, prefillStages, edges: cluster.edges)
        bottleneck = Bottleneck(decode, decodeStages, edges: cluster.edges)
    }
}

extension SimulatedOutcome {
    /// While a stage computes, how much of the others does, on average.
    fileprivate var busyShareOfOthers: Double {
        let shares = utilization
        let all = shares.reduce(0, +)
        guard shares.count > 1, all > 0 else { return 0 }
        let weighted = shares.reduce(0) { $0 + $1 * (all - $1) / Double(shares.count - 1) }
        return min(1, weighted / all)
    }
}
