/// Seconds by the number of rows that are computed at once: straight lines between known points, the last of which goes
/// on; before the first it costs what the first does.
public struct RowCurve: Sendable, Equatable, Codable {
    public struct Point: Sendable, Equatable, Codable {
        public var rows: Double
        public var seconds: Double

        public init(rows: Double, seconds: Double) {
            self.rows = rows
            self.seconds = seconds
        }
    }

    /// By ascending rows; at least one.
    public private(set) var points: [Point]

    /// Points by ascending rows. Where more rows seem to take less time, as noise would have it, they take as long.
    ///
    /// - Precondition: At least one point, of different rows.
    public init(_ points: [Point]) {
        precondition(!points.isEmpty)
        self.points = points.sorted { $0.rows < $1.rows }
        for index in self.points.indices.dropFirst() {
            self.points[index].seconds = max(self.points[index].seconds, self.points[index - 1].seconds)
        }
    }

    /// What `seconds` says at row counts close enough for the lines between them.
    public init(upTo rows: Int, _ seconds: (Double) -> Double) {
        var counts: [Int] = []
        var count = 1
        while count < rows {
            counts += count < 4 ? [count] : [count, count + count / 2]
            count *= 2
        }
        self.init(
            (counts.filter { $0 < rows } + [max(rows, 1)]).map { Point(rows: Double($0), seconds: seconds(Double($0))) }
        )
    }

    /// Seconds for so many rows; 0 for none.
    public func seconds(_ rows: Double) -> Double {
        guard rows > 0, let first = points.first else { return 0 }
        guard let upper = points.firstIndex(where: { $0.rows >= rows }) ?? (points.count > 1 ? points.count - 1 : nil)
        else { return first.seconds }
        guard upper > 0 else { return first.seconds }
        let (a, b) = (points[upper - 1], points[upper])
        return a.seconds + (b.seconds - a.seconds) * (rows - a.rows) / (b.rows - a.rows)
    }
}
