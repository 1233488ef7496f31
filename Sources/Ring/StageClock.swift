import Platform

/// Divides a rank's time among what it does. The sums that `bench` prints and the events of a trace are the same laps.
struct StageClock {
    /// The sums since they were taken last.
    private(set) var times = StageTimes()
    /// By which laps are measured.
    let clock: any RunClock
    private let observer: (any StageObserver)?
    private var lapStart: Int64

    init(_ clock: any RunClock, observer: (any StageObserver)? = nil) {
        self.clock = clock
        self.observer = observer
        lapStart = clock.nanoseconds
    }

    /// Whether laps that are not worth a reading of the clock otherwise should be taken.
    var isTraced: Bool { observer != nil }

    /// Begins a lap here; what was before counts as nothing.
    mutating func restart() { lapStart = clock.nanoseconds }

    /// Ends a lap, and begins the next.
    ///
    /// - Returns: The lap's seconds.
    @discardableResult
    mutating func lap(_ activity: Activity, microbatch: UInt64, rows: Int) -> Double {
        let start = lapStart
        lapStart = clock.nanoseconds
        let seconds = Double(lapStart - start) * 1e-9
        times.add(seconds, to: activity)
        observer?.note(activity, start: start, end: lapStart, microbatch: microbatch, rows: rows)
        return seconds
    }

    /// The sums; new ones begin.
    mutating func take() -> StageTimes {
        defer {
            times = StageTimes()
            observer?.beginPhase()
        }
        return times
    }

    /// Gives this moment a name in the trace.
    func mark(_ name: String, _ details: [String: Int]) { observer?.mark(name, at: clock.nanoseconds, details) }

    /// The number of the phase that runs; nil where no trace is taken.
    var phase: Int? { observer.map { Int($0.phase) } }
}
