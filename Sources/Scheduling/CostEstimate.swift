/// What a microbatch costs a stage: a part that does not depend on its rows, chiefly reading the weights, and a part for
/// each row. Fitted to measured times, of which older ones count less and less.
public struct CostEstimate: Sendable {
    private var weight = 0.0
    private var rows = 0.0
    private var seconds = 0.0
    private var rowsSquared = 0.0
    private var rowsSeconds = 0.0

    private static let memory = 0.98

    /// The fixed part, in rows that cost as much: the batch from which on a stage is bound by arithmetic. Assumed until
    /// enough different microbatches were measured.
    public private(set) var fixedRows = 8.0

    public init() {}

    /// Takes note that a microbatch of `count` rows took a stage so long.
    public mutating func observe(rows count: Int, seconds time: Double) {
        let row = Double(count)
        weight = weight * Self.memory + 1
        rows = rows * Self.memory + row
        seconds = seconds * Self.memory + time
        rowsSquared = rowsSquared * Self.memory + row * row
        rowsSeconds = rowsSeconds * Self.memory + row * time
        fit()
    }

    /// Microbatches of one size tell nothing of the two parts: then the last estimate stays.
    private mutating func fit() {
        let variance = weight * rowsSquared - rows * rows
        guard weight > 4, variance > 0.01 * weight * rowsSquared else { return }
        let perRow = (weight * rowsSeconds - rows * seconds) / variance
        let fixed = (seconds - perRow * rows) / weight
        guard perRow > 0, fixed > 0 else { return }
        fixedRows = min(max(fixed / perRow, 1), 1024)
    }
}
