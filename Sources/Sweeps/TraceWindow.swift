/// A few microbatches of one phase, on all ranks.
struct TraceWindow {
    let microbatches: ClosedRange<Int>
    /// Seconds.
    let start: Double
    let end: Double
}
