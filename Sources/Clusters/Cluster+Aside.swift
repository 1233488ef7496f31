import MPI
import Platform

extension Cluster {
    /// Runs `body` on a thread of its own, while this one tells the other ranks that it lives and hears whether they do.
    ///
    /// Where the run has to end meanwhile, so does the process: `body` is not interrupted.
    ///
    /// - Parameter mayRest: Whether `body` may do nothing for long.
    func aside<Value>(_ body: () throws(Failure) -> Value, mayRest: Bool) -> Result<Value, Failure> {
        guard let rollCall else { return Result { () throws(Failure) in try body() } }
        return withoutActuallyEscaping(body) { body in
            let work = AsideWork(body)
            guard let thread = try? BackgroundThread({ work.run() }) else {
                work.run()
                return work.take()
            }
            do throws(RunEnd) { try rollCall.attend(until: work.isOver, mayRest: mayRest) } catch { end(error) }
            thread.join()
            return work.take()
        }
    }
}

extension RollCall {
    /// Listens and gives signs of life until `work` is over.
    fileprivate func attend(until work: Completion, mayRest: Bool) throws(RunEnd) {
        begin()
        let longestNap = min(0.1, interval / 2)
        let step = max(interval, Self.shortestStep)
        var standstill = Standstill(.now, longestStep: 2 * step)
        var (watch, sinceSample) = (Stopwatch(), 0.0)
        while !work.wait(for: .seconds(longestNap)) {
            try look()
            try judge()
            sinceSample += watch.lap()
            guard !mayRest, sinceSample >= step else { continue }
            standstill.look(.now, after: sinceSample)
            sinceSample = 0
            if standstill.seconds > timeout { try fail(standstillComplaint) }
        }
    }

    /// Seconds between two looks at what the process has done, at least.
    private static let shortestStep = 0.25

    private var standstillComplaint: String {
        "nothing was read or computed for \(Int(timeout.rounded(.up))) s while \(activity), though the rank answers: a disk or a "
            + "network file system hangs"
    }
}

/// Work that another thread does. It is handed over and taken back, so that only one thread has it at a time.
private final class AsideWork<Value>: @unchecked Sendable {
    let isOver = Completion()
    private var body: (() throws(Failure) -> Value)?
    private var outcome: Result<Value, Failure>?

    init(_ body: @escaping () throws(Failure) -> Value) { self.body = body }

    func run() {
        let body = body!
        outcome = Result { () throws(Failure) in try body() }
        isOver.complete()
    }

    /// What came of it. The work is over, and nothing of it is kept.
    func take() -> Result<Value, Failure> {
        body = nil
        return outcome!
    }
}
