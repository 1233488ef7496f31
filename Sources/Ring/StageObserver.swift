/// Told of every stretch of a rank's time as it ends, for a trace. The thread that runs the stage calls it.
public protocol StageObserver: AnyObject {
    /// How often the sums of times were taken.
    var phase: UInt32 { get }

    /// The rank did `activity` from `start` to `end`, in nanoseconds of the run's clock, for so many rows of a microbatch.
    func note(_ activity: Activity, start: Int64, end: Int64, microbatch: UInt64, rows: Int)

    /// The sums of times were taken: what follows counts for the next ones.
    func beginPhase()

    /// Rank 0 gives the moment `time` a name, such as the beginning of a measurement.
    func mark(_ name: String, at time: Int64, _ details: [String: Int])
}
