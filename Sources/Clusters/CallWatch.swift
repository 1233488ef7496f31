import Platform

/// Watches a call of MPI that waits for all ranks, inside the library and without a deadline.
struct CallWatch {
    private let isOver = Completion()
    private let thread: BackgroundThread?

    private static let step = 0.1

    /// - Parameters:
    ///   - limit: Seconds that the call may take. Time in which this process was stopped does not count.
    ///   - whenLate: Told how many it has taken, again and again, on another thread, once it is late.
    init(limit: Double, whenLate: @escaping @Sendable (Double) -> Void) {
        thread = try? BackgroundThread { [isOver] in
            var waited = Attendance(rankCount: 0)
            var watch = Stopwatch()
            while !isOver.wait(for: .seconds(Self.step)) {
                waited.listen(for: watch.lap())
                let seconds = waited.seconds
                if seconds >= limit { whenLate(seconds) }
            }
        }
    }

    /// The call has returned.
    func stop() {
        isOver.complete()
        thread?.join()
    }
}
