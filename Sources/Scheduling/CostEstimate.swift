/// What a microbatch costs a stage: a part that depends on nothing, chiefly reading the weights, a part for each row, and
/// a part for each position that a row sees, its attention. Fitted to measured times, of which older ones count less and
/// less.
public struct CostEstimate: Sendable {
    private var weight = 0.0
    private var rows = Moments()
    private var seen = Moments()
    private var seconds = 0.0
    /// Sums of products: rows by positions seen.
    private var rowsSeen = 0.0

    private static let memory = 0.98

    /// The fixed part, in rows that cost as much: the batch from which on a stage is bound by arithmetic. Assumed until
    /// enough different microbatches were measured.
    public private(set) var fixedRows = 8.0
    /// What a position that a row sees costs, in rows; 0 until it is known.
    public private(set) var rowsPerPosition = 0.0

    public init() {}

    /// What is assumed until then, where something is known.
    ///
    /// - Parameters:
    ///   - fixedRows: The fixed part, in rows that cost as much.
    ///   - rowsPerPosition: What a position that a row sees costs, in rows.
    init(fixedRows: Double, rowsPerPosition: Double) {
        self.fixedRows = min(max(fixedRows, 1), 1024)
        self.rowsPerPosition = min(rowsPerPosition, 1)
    }

    /// Takes note that a microbatch took a stage so long.
    ///
    /// - Parameters:
    ///   - count: Its rows.
    ///   - positions: The positions that they see, summed over the rows.
    public mutating func observe(rows count: Int, seeing positions: Int = 0, seconds time: Double) {
        let (row, position) = (Double(count), Double(positions))
        weight = weight * Self.memory + 1
        rows.add(row, time, Self.memory)
        seen.add(position, time, Self.memory)
        rowsSeen = rowsSeen * Self.memory + row * position
        seconds = seconds * Self.memory + time
        fit()
    }

    /// Rows that cost as much as `count` rows of one sequence from `first` on.
    func cost(ofRows count: Int, from first: Int) -> Double {
        let count = Double(count)
        return count + rowsPerPosition * count * (Double(first) + (count + 1) / 2)
    }

    /// How many rows of one sequence from `first` on cost at most `budget` rows.
    func count(within budget: Double, from first: Int) -> Int {
        let linear = 1 + rowsPerPosition * (Double(first) + 0.5)
        // The root of the parabola above; this form of it is good where the square has no weight, too.
        return Int(2 * budget / (linear + (linear * linear + 2 * rowsPerPosition * budget).squareRoot()))
    }

    /// Microbatches of one size tell nothing of the parts: then the last estimate stays. Where sizes and positions differ
    /// only together, the rows stand for both.
    private mutating func fit() {
        let rowVariance = weight * rows.squares - rows.sum * rows.sum
        guard weight > 4, rowVariance > 0.01 * weight * rows.squares else { return }
        let seenVariance = weight * seen.squares - seen.sum * seen.sum
        let covariance = weight * rowsSeen - rows.sum * seen.sum
        let rowTime = weight * rows.seconds - rows.sum * seconds
        let seenTime = weight * seen.seconds - seen.sum * seconds
        let determinant = rowVariance * seenVariance - covariance * covariance
        if determinant > 0.02 * rowVariance * seenVariance {
            let perRow = (rowTime * seenVariance - seenTime * covariance) / determinant
            let perPosition = (seenTime * rowVariance - rowTime * covariance) / determinant
            if perPosition > 0, accept(perRow: perRow, perPosition: perPosition) { return }
        }
        _ = accept(perRow: rowTime / rowVariance, perPosition: 0)
    }

    /// Whether these parts make sense, and are what is estimated now.
    private mutating func accept(perRow: Double, perPosition: Double) -> Bool {
        let fixed = (seconds - perRow * rows.sum - perPosition * seen.sum) / weight
        guard perRow > 0, fixed > 0 else { return false }
        fixedRows = min(max(fixed / perRow, 1), 1024)
        rowsPerPosition = min(perPosition / perRow, 1)
        return true
    }

    /// Sums over the microbatches of a number, of its square, and of its product with the time.
    private struct Moments {
        var sum = 0.0
        var squares = 0.0
        var seconds = 0.0

        mutating func add(_ value: Double, _ time: Double, _ memory: Double) {
            sum = sum * memory + value
            squares = squares * memory + value * value
            seconds = seconds * memory + value * time
        }
    }
}
