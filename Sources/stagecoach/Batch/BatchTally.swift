import Engine
import Synchronization

/// Adds up what a batch job has done, for its last line and for those who watch.
final class BatchTally: Sendable {
    struct Sums {
        var finished = 0
        var failed = 0
        var skipped = 0
        var underWay = 0
        var prefillTokens = 0
        var decodeTokens = 0
        var timesToFirstToken: [Double] = []
        /// When the first of those now under way was taken, and the time before that in which any was.
        var busySince: ContinuousClock.Instant?
        var busyBefore = Duration.zero

        /// Seconds in which there was something to do: input may come slowly.
        var busySeconds: Double {
            let busy = busyBefore + (busySince.map { $0.duration(to: .now) } ?? .zero)
            return Double(busy.components.seconds) + Double(busy.components.attoseconds) * 1e-18
        }
        var prefillRate: Double { busySeconds > 0 ? Double(prefillTokens) / busySeconds : 0 }
        var decodeRate: Double { busySeconds > 0 ? Double(decodeTokens) / busySeconds : 0 }
    }

    private let storage = Mutex(Sums())

    var sums: Sums { storage.withLock { $0 } }

    func skip() { storage.withLock { $0.skipped += 1 } }

    func begin() {
        storage.withLock { sums in
            if sums.underWay == 0 { sums.busySince = .now }
            sums.underWay += 1
        }
    }

    /// Takes note of an end; nil for a line that could not be taken.
    func end(_ timings: Timings?) {
        storage.withLock { sums in
            sums.underWay -= 1
            if sums.underWay == 0, let since = sums.busySince {
                sums.busyBefore += since.duration(to: .now)
                sums.busySince = nil
            }
            guard let timings else {
                sums.failed += 1
                return
            }
            sums.finished += 1
            sums.prefillTokens += timings.prefillTokens
            sums.decodeTokens += timings.decodeTokens
            sums.timesToFirstToken.append(timings.timeToFirstToken)
        }
    }
}
