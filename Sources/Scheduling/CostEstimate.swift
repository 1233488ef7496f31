/// What a microbatch costs a stage: a part that does not depend on its rows, chiefly reading the weights, and a part for
/// each row. Fitted to measured times, of which older ones count less and less.
public struct CostEstimate: Sendable {
    private var weight = 0.0
    private var rows = 0.0
    private var seconds = 0.0
    private var rowsSquared = 0.0
    private var rowsSeconds = 0.0

    private static let memory = 0.98
    /// Taken until enough different microbatches were measured.
    private static let assumedFixedRows = 8.0

    public init() {}

    /// Takes note that a microbatch of `count` rows took a stage so long.
    public mutating func observe(rows count: Int, seconds time: Double) {
        let row = Double(count)
        weight = weight * Self.memory + 1
        rows = rows * Self.memory + row
        seconds = seconds * Self.memory + time
        rowsSquared = rowsSquared * Self.memory + row * row
        rowsSeconds = rowsSeconds * Self.memory + row * time
    }

    /// The fixed part, in rows that cost as much: the batch from which on a stage is bound by arithmetic.
    public var fixedRows: Double {
        let variance = weight * rowsSquared - rows * rows
        guard weight > 4, variance > 0.01 * weight * rowsSquared else { return Self.assumedFixedRows }
        let perRow = (weight * rowsSeconds - rows * seconds) / variance
        let fixed = (seconds - perRow * rows) / weight
        guard perRow > 0, fixed > 0 else { return Self.assumedFixedRows }
        return min(max(fixed / perRow, 1), 1024)
    }
}
