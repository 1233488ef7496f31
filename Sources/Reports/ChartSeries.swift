/// Points that belong together: a chart draws them in one style.
public struct ChartSeries<Point: Sendable>: Sendable {
    /// A word or two, written beside the points.
    public var name: String
    public var points: [Point]

    public init(name: String, points: [Point]) {
        self.name = name
        self.points = points
    }
}
