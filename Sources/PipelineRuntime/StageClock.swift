/// Divides a rank's time among what it does. The sums that `bench` prints and the events of a trace are the same laps.
struct StageClock {
    /// The sums since they were taken last.
    private(set) var times = StageTimes()
    private let trace: TraceRecorder?
    /// That of an emulated run; nil for the machine's.
    let time: EmulatedTime?
    private var lapStart: Int64

    init(trace: TraceRecorder? = nil, time: EmulatedTime? = nil) {
        self.trace = trace
        self.time = time
        lapStart = time?.now ?? Stopwatch.now
    }

    private var now: Int64 { time?.now ?? Stopwatch.now }

    /// Whether laps that are not worth a reading of the clock otherwise should be taken.
    var isTraced: Bool { trace != nil }

    /// Begins a lap here; what was before counts as nothing.
    mutating func restart() { lapStart = now }

    /// Ends a lap, and begins the next.
    ///
    /// - Returns: The lap's seconds.
    @discardableResult
    mutating func lap(_ activity: Activity, microbatch: UInt64, rows: Int) -> Double {
        let start = lapStart
        lapStart = now
        let seconds = Double(lapStart - start) * 1e-9
        times.add(seconds, to: activity)
        trace?.note(
            TraceEvent(
                activity, start: start, end: lapStart, microbatch: microbatch, rows: rows, phase: trace!.phase))
        return seconds
    }

    /// The sums; new ones begin.
    mutating func take() -> StageTimes {
        defer {
            times = StageTimes()
            trace?.beginPhase()
        }
        return times
    }

    /// Gives this moment a name in the trace.
    func mark(_ name: String, _ details: [String: Int]) { trace?.mark(name, at: now, details) }

    /// The number of the phase that runs; nil where no trace is taken.
    var phase: Int? { trace.map { Int($0.phase) } }
}

extension StageTimes {
    fileprivate mutating func add(_ seconds: Double, to activity: Activity) {
        switch activity {
        case .wait: wait += seconds
        case .send: send += seconds
        case .compute, .embed, .head, .sample: compute += seconds
        }
    }
}

/// The time by which a run is measured: the machine's, or an emulation's.
public struct RunTime {
    private let emulated: EmulatedTime?

    init(_ emulated: EmulatedTime?) { self.emulated = emulated }

    /// Seconds since some moment that stays the same.
    public var seconds: Double { Double(emulated?.read() ?? Stopwatch.now) * 1e-9 }
}
