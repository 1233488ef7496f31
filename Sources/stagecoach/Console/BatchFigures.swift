import BatchJobs
import Engine
import Figures
import Synchronization

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

/// Shows how a batch job goes, where people watch, five times a second at most.
final class BatchProgress: Sendable {
    private let shown = Mutex<ContinuousClock.Instant?>(nil)

    func show(_ tally: BatchTally) {
        guard Console.showsProgress, isDue else { return }
        let sums = tally.sums
        let failed = sums.failed > 0 ? ", \(sums.failed) failed" : ""
        Console.log(
            "\r\u{1B}[2K\(sums.finished) finished\(failed), \(sums.underWay) under way · "
                + "prefill \(sums.prefillRate.decimal(1)) · decode \(sums.decodeRate.decimal(1)) tok/s")
    }

    /// Takes the line away.
    static func clear() {
        if Console.showsProgress { Console.log("\r\u{1B}[2K") }
    }

    private var isDue: Bool {
        shown.withLock { last in
            let now = ContinuousClock.now
            if let last, last.duration(to: now) < .milliseconds(200) { return false }
            last = now
            return true
        }
    }
}
