/// How a quantity is spread.
public struct Percentiles: Codable, Sendable, Equatable {
    public var p50: Double
    public var p95: Double
    public var p99: Double

    /// - Parameter percentile: Gives the percentile of a number of percent.
    public init(_ percentile: (Int) -> Double) {
        p50 = percentile(50)
        p95 = percentile(95)
        p99 = percentile(99)
    }
}
