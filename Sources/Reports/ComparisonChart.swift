import Figures

/// What was measured over what was predicted: the closer to the diagonal, the better.
public struct ComparisonChart: Sendable {
    public typealias Series = ChartSeries<(predicted: Double, measured: Double)>

    public var title: String
    public var description: String
    public var unit: String
    /// How far from the diagonal is still good, as a share; drawn as a band.
    public var tolerance: Double
    public var series: [Series]

    public init(title: String, description: String, unit: String, tolerance: Double, series: [Series]) {
        self.title = title
        self.description = description
        self.unit = unit
        self.tolerance = tolerance
        self.series = series
    }

    /// - Parameter id: Names the drawing; no other on the page has the same.
    public func svg(id: String) -> Markup {
        var drawing = Drawing()
        let field = Field.chart
        let all = series.flatMap(\.points).flatMap { [$0.predicted, $0.measured] }
        let x = Axis(.logarithmic, for: all, from: field.left, to: field.right)
        let y = Axis(.logarithmic, for: all, from: field.bottom, to: field.top)
        drawing.axes(field, x, y, xLabel: "predicted, \(unit)", yLabel: "measured, \(unit)")
        let (low, high) = (x.range.lowerBound, x.range.upperBound)
        drawing.line(x(low), y(low), x(high), y(high), "roof")
        for factor in [1 - tolerance, 1 + tolerance] {
            let (from, to) = (max(low, low / factor), min(high, high / factor))
            drawing.line(x(from), y(from * factor), x(to), y(to * factor), "ideal", dashes: "2 3")
        }
        drawing.text("within \((tolerance * 100).decimal(0)) %", field.right - 4, field.bottom - 6, .end, "note")
        for (index, one) in series.enumerated() {
            for point in one.points { drawing.add(SeriesStyle(index).marker(x(point.predicted), y(point.measured))) }
        }
        drawing.labels(
            series.enumerated().map { index, one in
                (y(one.points.last?.measured ?? low), SeriesStyle(index), one.name)
            }, field)
        return drawing.svg(id: id, title: title, description: description)
    }
}
