/// Measures one stretch after the other by the machine's clock.
public struct Stopwatch {
    private var start = MachineTime.nanoseconds

    public init() {}

    /// Seconds since the last lap, or since the start.
    public mutating func lap() -> Double {
        let now = MachineTime.nanoseconds
        defer { start = now }
        return Double(now - start) * 1e-9
    }
}
