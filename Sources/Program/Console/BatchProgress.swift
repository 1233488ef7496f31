import BatchJobs
import Figures
import Platform
import Synchronization

/// Shows how a batch job goes, where people watch, five times a second at most.
final class BatchProgress: Sendable {
    private let time: any TimeSource
    private let shown = Mutex<Duration?>(nil)

    init(time: any TimeSource = MachineTime()) { self.time = time }

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
            let now = time.now
            if let last, now - last < .milliseconds(200) { return false }
            last = now
            return true
        }
    }
}
