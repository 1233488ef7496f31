import Figures

/// How many operations a second parts of a program reach, over how many they do for each byte they read, beneath what the
/// machine allows: its read bandwidth on the left, its arithmetic on the right.
public struct RooflineChart: Sendable {
    public struct Point: Sendable {
        /// Operations for each byte read.
        public var intensity: Double
        /// Operations a second.
        public var rate: Double
        /// What tells the points of a series apart, a sign or two; points that lie close together share the first one's.
        public var label: String
        /// Whether the marker is filled or hollow.
        public var isFilled: Bool

        public init(intensity: Double, rate: Double, label: String, isFilled: Bool) {
            self.intensity = intensity
            self.rate = rate
            self.label = label
            self.isFilled = isFilled
        }
    }

    public typealias Series = ChartSeries<Point>

    public var title: String
    public var description: String
    /// Bytes a second.
    public var bandwidth: Double
    /// Operations a second.
    public var peak: Double
    public var series: [Series]

    public init(title: String, description: String, bandwidth: Double, peak: Double, series: [Series]) {
        self.title = title
        self.description = description
        self.bandwidth = bandwidth
        self.peak = peak
        self.series = series
    }

    /// - Parameter id: Names the drawing; no other on the page has the same.
    public func svg(id: String) -> Markup {
        var drawing = Drawing()
        let field = Field.chart
        let points = series.flatMap(\.points)
        let ridge = peak / bandwidth
        let x = Axis(
            .logarithmic, for: points.map(\.intensity) + [ridge / 4, ridge * 4], from: field.left, to: field.right)
        let y = Axis(
            .logarithmic, for: (points.map(\.rate) + [peak * 1.2]).map { $0 * 1e-9 }, from: field.bottom, to: field.top)
        drawing.axes(field, x, y, xLabel: "operations for each byte of weights", yLabel: "GOPS")
        drawRoof(x, y, field, in: &drawing)
        var taken: [(x: Double, y: Double)] = []
        for (index, one) in series.enumerated() {
            for point in one.points {
                let (px, py) = (x(point.intensity), y(point.rate * 1e-9))
                drawing.add(SeriesStyle(index).marker(px, py, isFilled: point.isFilled))
                guard !taken.contains(where: { abs($0.x - px) < 14 && abs($0.y - py) < 12 }) else { continue }
                taken.append((px, py))
                drawing.text(point.label, px + 6, py + 12, .start, "note")
            }
        }
        drawing.labels(
            series.enumerated().map { index, one in
                (y((one.points.first?.rate ?? peak) * 1e-9), SeriesStyle(index), one.name)
            }, field)
        return drawing.svg(id: id, title: title, description: description)
    }

    private func drawRoof(_ x: Axis, _ y: Axis, _ field: Field, in drawing: inout Drawing) {
        let ridge = peak / bandwidth
        // Down the slope to where the field ends, on its left or at its foot.
        let low = max(x.range.lowerBound, y.range.lowerBound * 1e9 / bandwidth)
        let (lowX, lowY) = (x(low), y(low * bandwidth * 1e-9))
        drawing.line(lowX, lowY, x(ridge), y(peak * 1e-9), "roof")
        drawing.line(x(ridge), y(peak * 1e-9), field.right, y(peak * 1e-9), "roof")
        drawing.text("\((peak * 1e-9).figures) GOPS", field.right - 4, y(peak * 1e-9) - 5, .end, "note")
        drawing.text("\((bandwidth * 1e-9).figures) GB/s", lowX + 8, max(lowY - 30, field.top + 14), .start, "note")
    }
}
