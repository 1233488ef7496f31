import Platform
import Requests
import Synchronization

/// Adds up what a batch job has done, for its last line and for those who watch.
public final class BatchTally: Sendable {
    public struct Sums: Sendable {
        public internal(set) var finished = 0
        public internal(set) var failed = 0
        public internal(set) var skipped = 0
        /// Of the finished ones, those whose answers the context cut.
        public internal(set) var cut = 0
        public internal(set) var underWay = 0
        public internal(set) var prefillTokens = 0
        public internal(set) var decodeTokens = 0
        public internal(set) var timesToFirstToken: [Double] = []
        /// When the first of those now under way was taken, and the time before that in which any was.
        fileprivate var busySince: Duration?
        fileprivate var busyBefore = Duration.zero
        fileprivate var now = Duration.zero

        /// Seconds in which there was something to do: input may come slowly.
        public var busySeconds: Double {
            (busyBefore + (busySince.map { now - $0 } ?? .zero)).seconds
        }
        public var prefillRate: Double { busySeconds > 0 ? Double(prefillTokens) / busySeconds : 0 }
        public var decodeRate: Double { busySeconds > 0 ? Double(decodeTokens) / busySeconds : 0 }
    }

    private let time: any TimeSource
    private let storage = Mutex(Sums())

    init(time: any TimeSource = MachineTime()) { self.time = time }

    /// As it stands now.
    public var sums: Sums {
        storage.withLock { sums in
            sums.now = time.now
            return sums
        }
    }

    func skip() { storage.withLock { $0.skipped += 1 } }

    func begin() {
        storage.withLock { sums in
            if sums.underWay == 0 { sums.busySince = time.now }
            sums.underWay += 1
        }
    }

    /// Takes note of an end; nil for a line that could not be taken.
    func end(_ timings: Timings?, isCut: Bool = false) {
        storage.withLock { sums in
            sums.underWay -= 1
            if sums.underWay == 0, let since = sums.busySince {
                sums.busyBefore += time.now - since
                sums.busySince = nil
            }
            guard let timings else {
                sums.failed += 1
                return
            }
            sums.finished += 1
            if isCut { sums.cut += 1 }
            sums.prefillTokens += timings.prefillTokens
            sums.decodeTokens += timings.decodeTokens
            sums.timesToFirstToken.append(timings.timeToFirstToken)
        }
    }
}
