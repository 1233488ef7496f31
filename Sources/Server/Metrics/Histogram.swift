/// How often values fell below each of some bounds, for Prometheus.
struct Histogram: Sendable {
    /// Upper bounds in seconds, ascending.
    let bounds: [Double]
    /// Values at most as large as each bound and larger than the one before; the last count is of those above all.
    private(set) var counts: [Int]
    private(set) var sum = 0.0
    private(set) var count = 0

    init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func record(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
        count += 1
    }

    var mean: Double { count > 0 ? sum / Double(count) : 0 }

    /// From a millisecond to half a minute, in steps of two or two and a half.
    static var ofTokens: Histogram {
        Histogram([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30])
    }

    /// From a hundredth of a second to ten minutes.
    static var ofRequests: Histogram {
        Histogram([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600])
    }
}
