/// Measures one stretch after the other by the machine's clock.
public struct Stopwatch {
    private var start = MachineClock.now

    public init() {}

    /// Seconds since the last lap, or since the start.
    public mutating func lap() -> Double {
        let now = MachineClock.now
        defer { start = now }
        return Double(now - start) * 1e-9
    }
}
