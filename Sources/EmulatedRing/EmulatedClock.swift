import Glibc
import Platform

/// The time of one rank of an emulated run.
///
/// It is reckoned, not read: computing advances it by what it would take, a frame that comes by when it would arrive. The
/// rank then sleeps until the machine's clock has come as far. A machine that is late for a while, because 64 ranks
/// share two cores, makes the run take longer, but changes no figure: frames carry the time at which they arrive.
public final class EmulatedClock: RunClock {
    /// Nanoseconds since the run began, on this rank, as far as work and frames have brought it.
    private(set) var reckoned: Int64 = 0
    /// Whether no work runs on any rank, as rank 0 knows: until it does, time goes on as the machine's does.
    private var isResting = false
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

    /// What time it is. At rest it is the machine's: what comes next begins when somebody looks.
    public var nanoseconds: Int64 {
        if isResting { reckoned = max(reckoned, machineTime) }
        return reckoned
    }

    public func workBegins() { isResting = false }
    public func workEnds() { isResting = true }

    /// Computes for so many seconds.
    public func spend(_ seconds: Double) { advance(to: reckoned + Int64((seconds * 1e9).rounded())) }

    /// Does nothing until `time`, where that is not over.
    func advance(to time: Int64) {
        guard time > reckoned else { return }
        reckoned = time
        sleep(until: origin + Int64(Double(time) / speed))
    }

    /// Whether the machine's clock has come as far as `time`.
    func hasPassed(_ time: Int64) -> Bool { machineTime >= time }

    private var machineTime: Int64 { Int64(Double(MachineTime.nanoseconds - origin) * speed) }

    private func sleep(until end: Int64) {
        var nap = Self.shortestNap
        while true {
            let now = MachineTime.nanoseconds
            guard now < end else { return }
            Self.machineSleeps(until: min(end, now + nap))
            whileSleeping()
            nap = min(2 * nap, Self.longestNap)
        }
    }

    private static func machineSleeps(until time: Int64) {
        var end = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nil)
    }
}
