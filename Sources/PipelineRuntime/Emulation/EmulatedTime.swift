import Glibc

/// The time of one rank of an emulated run.
///
/// It is reckoned, not read: computing advances it by what it would take, a frame that comes by when it would arrive. The
/// rank then sleeps until the machine's clock has come as far. A machine that is late for a while, because 64 ranks
/// share two cores, makes the run take longer, but changes no figure: frames carry the time at which they arrive.
public final class EmulatedTime {
    /// Nanoseconds since the run began, on this rank.
    public private(set) var now: Int64 = 0
    /// Whether no work runs on any rank: until it does, time goes on as the machine's does.
    var isResting = true
    /// Called now and then while the rank sleeps: messages move on only then.
    public var whileSleeping: () -> Void = {}

    /// The machine's clock when the run began.
    private let origin: Int64
    private let speed: Double

    private static let shortestNap: Int64 = 1_000_000
    private static let longestNap: Int64 = 20_000_000

    /// - Parameters:
    ///   - origin: The machine's clock when the run began, in nanoseconds.
    ///   - speed: Emulated seconds to a second of the machine.
    public init(origin: Int64, speed: Double) {
        self.origin = origin
        self.speed = speed
    }

    /// Computes for so many seconds.
    public func spend(_ seconds: Double) { advance(to: now + Int64((seconds * 1e9).rounded())) }

    /// Does nothing until `time`, where that is not over.
    func advance(to time: Int64) {
        guard time > now else { return }
        now = time
        sleep(until: origin + Int64(Double(time) / speed))
    }

    /// Whether the machine's clock has come as far as `time`.
    func hasPassed(_ time: Int64) -> Bool { machineTime >= time }

    /// What time it is. At rest it is the machine's: what comes next begins when somebody looks.
    func read() -> Int64 {
        if isResting { now = max(now, machineTime) }
        return now
    }

    private var machineTime: Int64 { Int64(Double(Stopwatch.now - origin) * speed) }

    private func sleep(until end: Int64) {
        var nap = Self.shortestNap
        while true {
            let now = Stopwatch.now
            guard now < end else { return }
            let wake = min(end, now + nap)
            var time = timespec(tv_sec: Int(wake / 1_000_000_000), tv_nsec: Int(wake % 1_000_000_000))
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil)
            whileSleeping()
            nap = min(2 * nap, Self.longestNap)
        }
    }
}

extension Cluster {
    /// A time that began on all ranks together. All ranks come here together.
    public func emulatedTime(speed: Double) throws(PipelineError) -> EmulatedTime {
        let clocks = try exchange(withUnsafeBytes(of: Stopwatch.now, Array.init) + Array(bootID.utf8))
        // On another machine, whose clock shows something else, the run begins now: sleeps end a little later there.
        let isShared = clocks[0].dropFirst(8) == clocks[rank].dropFirst(8)
        let origin = clocks[0].withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
        return EmulatedTime(origin: isShared ? origin : Stopwatch.now, speed: speed)
    }
}
