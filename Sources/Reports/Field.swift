/// The field between the axes of a plot.
struct Field {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    /// That of a chart that names its series on the right.
    static let chart = Field(left: 48, right: 284, top: 26, bottom: 206)

    var width: Double { right - left }

    func holds(_ x: Double, _ y: Double) -> Bool {
        x >= left - 0.5 && x <= right + 0.5 && y >= top - 0.5 && y <= bottom + 0.5
    }
}
