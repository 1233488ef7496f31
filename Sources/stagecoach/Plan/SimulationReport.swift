import Engine
import Planning

/// What `plan --simulate --json` prints.
struct SimulationReport: Encodable {
    struct Percentiles: Encodable {
        let p50: Double
        let p95: Double
        let p99: Double

        init(_ values: [Double]) {
            let sorted = values.sorted()
            func value(_ percent: Int) -> Double {
                sorted.isEmpty ? 0 : sorted[max(0, (percent * sorted.count + 99) / 100 - 1)]
            }
            (p50, p95, p99) = (value(50), value(95), value(99))
        }
    }

    struct Stage: Encodable {
        let rank: Int
        let host: String
        let layers: [Int]
        /// The share of the time that it computes.
        let utilization: Double
    }

    let ranks: Int
    let partition: [Int]
    let sequences: Int
    let requests: Int
    let seconds: Double
    let promptTokensPerSecond: Double
    let generatedTokensPerSecond: Double
    let ttftSeconds: Percentiles
    let itlSeconds: Percentiles
    let microbatches: Int
    let bubbleFraction: Double
    let stages: [Stage]

    init(_ outcome: SimulatedOutcome, _ request: PlanRequest, _ partition: Partition) {
        let bounds = partition.layerCounts.reduce(into: [0]) { $0.append($0.last! + $1) }
        ranks = partition.rankCount
        self.partition = partition.layerCounts
        sequences = request.sequences.max()!
        requests = outcome.timesToFirstToken.count
        seconds = outcome.seconds
        promptTokensPerSecond = Double(outcome.promptTokens) / outcome.seconds
        generatedTokensPerSecond = Double(outcome.generatedTokens) / outcome.seconds
        ttftSeconds = Percentiles(outcome.timesToFirstToken)
        itlSeconds = Percentiles(outcome.interTokenSeconds)
        microbatches = outcome.microbatches
        bubbleFraction = outcome.bubble
        stages = outcome.utilization.enumerated().map { rank, share in
            Stage(
                rank: rank, host: request.cluster.hosts[rank].name, layers: [bounds[rank], bounds[rank + 1]],
                utilization: share)
        }
    }
}

/// The same for people.
struct SimulationTable {
    let text: String

    init(_ report: SimulationReport) {
        func line(_ name: String, _ times: SimulationReport.Percentiles) -> String {
            "\(name)  p50 \(times.p50.decimal(3))  p95 \(times.p95.decimal(3))  p99 \(times.p99.decimal(3)) s"
        }
        let shares = report.stages.map(\.utilization)
        let busiest = shares.indices.max { shares[$0] < shares[$1] }!
        let stage = report.stages[busiest]
        let lines = [
            "\(report.requests) requests on \(report.ranks) ranks, \(report.sequences) side by side: simulated",
            "\(report.seconds.decimal(1)) s, \(report.generatedTokensPerSecond.decimal(1)) tok/s generated, "
                + "\(report.promptTokensPerSecond.decimal(1)) tok/s of prompts, \(report.microbatches) microbatches",
            line("TTFT", report.ttftSeconds), line("ITL ", report.itlSeconds),
            "stages compute \((shares.reduce(0, +) / Double(shares.count) * 100).decimal(1)) % of the time "
                + "(bubble \((report.bubbleFraction * 100).decimal(1)) %), most of all rank \(stage.rank) on \(stage.host), "
                + "\((stage.utilization * 100).decimal(1)) %",
        ]
        text = lines.map { $0 + "\n" }.joined()
    }
}
