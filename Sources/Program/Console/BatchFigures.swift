import BatchJobs
import Engine
import Figures

/// The figures of a whole batch job in one line.
struct BatchFigures {
    let text: String

    init(_ sums: BatchTally.Sums, _ facts: JobFacts, maxSequences: Int) {
        let times = sums.timesToFirstToken
        let parts = [
            "\(sums.finished) requests, \(maxSequences) at once",
            sums.skipped > 0 ? "\(sums.skipped) finished before" : nil,
            sums.failed > 0 ? "\(sums.failed) failed" : nil,
            FiguresLine.layout(facts),
            "prefill \(sums.prefillRate.decimal(1)) tok/s (\(sums.prefillTokens))",
            "decode \(sums.decodeRate.decimal(1)) tok/s (\(sums.decodeTokens))",
            "TTFT p50 \(times.percentile(50).milliseconds()) p95 \(times.percentile(95).milliseconds()) ms",
            "\(sums.busySeconds.decimal(1)) s",
        ]
        text = "[\(parts.compactMap { $0 }.joined(separator: " · "))]"
    }
}
