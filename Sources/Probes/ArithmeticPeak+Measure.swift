import Kernels
import Platform

extension ArithmeticPeak {
    private static let rounds = 1 << 19
    private static let passes = 5

    /// What each of `threadCount` threads reaches while all of them multiply, the best of a few passes of milliseconds.
    public static func measure(_ kernels: KernelSet, threadCount: Int) throws -> ArithmeticPeak {
        let team = try ThreadTeam(threadCount: threadCount)
        func best(_ work: @Sendable (Int) -> Double) -> Double {
            let operations = work(1) * Double(rounds)
            return (0..<passes).reduce(0) { best, _ in
                var watch = Stopwatch()
                team.run { _ in _ = work(rounds) }
                return max(best, operations / watch.lap())
            }
        }
        return ArithmeticPeak(
            integers: best { kernels.peakBytes(rounds: $0) }, floats: best { kernels.peakFloats(rounds: $0) })
    }
}
