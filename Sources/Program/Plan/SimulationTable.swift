import Figures
import ReportSchemas

/// What `plan --simulate` prints for people.
struct SimulationTable {
    let text: String

    init(_ report: SimulationReport) {
        func line(_ name: String, _ times: Percentiles) -> String {
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
            "stages compute \((shares.reduce(0, +) / Double(shares.count)).percent(1)) of the time "
                + "(bubble \(report.bubbleFraction.percent(1))), most of all rank \(stage.rank) on \(stage.host), "
                + "\(stage.utilization.percent(1))",
        ]
        text = lines.map { $0 + "\n" }.joined()
    }
}
