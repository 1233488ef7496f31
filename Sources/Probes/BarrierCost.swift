import Kernels
import Platform

/// What it costs the threads of a rank to meet, which a layer makes them do several times.
public enum BarrierCost {
    private static let pairs = 500

    /// Seconds of two barriers, one after the other, by `threadCount` threads: the best of many batches, as it is when
    /// nothing else runs.
    public static func measure(threadCount: Int, batches: Int = 40) throws -> Double {
        let team = try ThreadTeam(threadCount: threadCount)
        var best = Double.infinity
        for _ in 0..<batches {
            var watch = Stopwatch()
            team.run { worker in
                for _ in 0..<pairs {
                    worker.meet()
                    worker.meet()
                }
            }
            best = min(best, watch.lap() / Double(pairs))
        }
        return best
    }
}
