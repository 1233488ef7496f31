/// A plot of a quantity over a few places on the horizontal axis, a line for each series.
public struct LineChart: Sendable {
    public struct Point: Sendable {
        public var x: Double
        public var y: Double
        /// The ends of a whisker, such as the least and the largest of several measurements.
        public var range: ClosedRange<Double>?
        /// A tick on the whisker.
        public var tick: Double?

        public init(x: Double, y: Double, range: ClosedRange<Double>? = nil, tick: Double? = nil) {
            self.x = x
            self.y = y
            self.range = range
            self.tick = tick
        }
    }

    public typealias Series = ChartSeries<Point>

    public var title: String
    /// What the plot shows, in a sentence or two.
    public var description: String
    public var xLabel: String
    public var yLabel: String
    public var series: [Series]
    /// Whether equal distances on the vertical axis are equal factors.
    public var isLogarithmic = false
    /// A height that is drawn across, such as 1 for what is ideal, with its name.
    public var ideal: (y: Double, name: String)?

    public init(title: String, description: String, xLabel: String, yLabel: String, series: [Series]) {
        self.title = title
        self.description = description
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.series = series
    }

    /// - Parameter id: Names the drawing; no other on the page has the same.
    public func svg(id: String) -> Markup {
        var drawing = Drawing()
        let field = Field.chart
        let points = series.flatMap(\.points)
        let places = Set(points.map(\.x)).sorted()
        let x = Axis(.ordinal(places), for: places, from: field.left, to: field.right)
        let heights = points.flatMap { [$0.y, $0.range?.lowerBound, $0.range?.upperBound].compactMap { $0 } }
        let y = Axis(
            isLogarithmic ? .logarithmic : .linear, for: heights + (ideal.map { [$0.y] } ?? []), from: field.bottom,
            to: field.top)
        drawing.axes(field, x, y, xLabel: xLabel, yLabel: yLabel)
        if let ideal {
            drawing.line(field.left, y(ideal.y), field.right, y(ideal.y), "ideal", dashes: "1 3")
            drawing.text(ideal.name, field.right, y(ideal.y) - 5, .end, "note")
        }
        for (index, one) in series.enumerated() {
            draw(one, SeriesStyle(index), x, y, in: &drawing, shift: shift(index))
        }
        drawing.labels(
            series.enumerated().compactMap { index, one in
                one.points.max { $0.x < $1.x }.map { (y($0.y), SeriesStyle(index), one.name) }
            }, field)
        return drawing.svg(id: id, title: title, description: description)
    }

    /// Whiskers of several series at one place stand side by side.
    private func shift(_ index: Int) -> Double { (Double(index) - Double(series.count - 1) / 2) * 5 }

    private func draw(
        _ one: Series, _ style: SeriesStyle, _ x: Axis, _ y: Axis, in drawing: inout Drawing, shift: Double
    ) {
        let points = one.points.sorted { $0.x < $1.x }
        let color = style.colorClass
        let corners = points.map { "\((x($0.x) + shift).short),\(y($0.y).short)" }.joined(separator: " ")
        drawing.add(
            .element("polyline", ["class": "series \(color)", "points": corners, "stroke-dasharray": style.dashes]))
        for point in points {
            let place = x(point.x) + shift
            if let range = point.range {
                drawing.line(place, y(range.lowerBound), place, y(range.upperBound), "whisker \(color)")
                for end in [range.lowerBound, range.upperBound] where end != point.y {
                    drawing.line(place - 3, y(end), place + 3, y(end), "whisker \(color)")
                }
            }
            if let tick = point.tick { drawing.line(place - 5, y(tick), place + 5, y(tick), "whisker \(color)") }
            drawing.add(style.marker(place, y(point.y)))
        }
    }
}
