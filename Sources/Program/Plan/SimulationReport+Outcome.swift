import Figures
import Planning
import ReportSchemas

extension SimulationReport {
    init(_ outcome: SimulatedOutcome, _ request: PlanRequest, _ partition: Partition) {
        let bounds = partition.layerCounts.reduce(into: [0]) { $0.append($0.last! + $1) }
        self.init(
            ranks: partition.rankCount, partition: partition.layerCounts, sequences: request.sequences.max()!,
            requests: outcome.timesToFirstToken.count, seconds: outcome.seconds,
            promptTokensPerSecond: Double(outcome.promptTokens) / outcome.seconds,
            generatedTokensPerSecond: Double(outcome.generatedTokens) / outcome.seconds,
            ttftSeconds: Percentiles(outcome.timesToFirstToken.percentile),
            itlSeconds: Percentiles(outcome.interTokenSeconds.percentile), microbatches: outcome.microbatches,
            bubbleFraction: outcome.bubble,
            stages: outcome.utilization.enumerated().map { rank, share in
                Stage(
                    rank: rank, host: request.cluster.hosts[rank].name, layers: [bounds[rank], bounds[rank + 1]],
                    utilization: share)
            })
    }
}
