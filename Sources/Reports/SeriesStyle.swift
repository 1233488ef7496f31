/// How a series is told from the others, with colour and without: by its marker and its dashes.
struct SeriesStyle {
    private let index: Int

    init(_ index: Int) { self.index = index }

    /// How many differ in colour; markers and dashes go together with it.
    static let count = 6

    /// The class that gives the colour.
    var colorClass: String { "c\(index % Self.count)" }

    /// Lengths of dashes and gaps; nil for a line without gaps.
    var dashes: String? { [nil, "6 3", "2 3", "9 3 2 3", "4 2", "12 3"][index % Self.count] }

    /// The marker at a place, filled or hollow.
    func marker(_ x: Double, _ y: Double, isFilled: Bool = true, size: Double = 4) -> Markup {
        let classes = "mark \(colorClass)" + (isFilled ? " full" : "")
        func shape(_ corners: [(Double, Double)]) -> Markup {
            let points = corners.map { "\((x + $0.0 * size).short),\((y + $0.1 * size).short)" }
            return .element("polygon", ["class": classes, "points": points.joined(separator: " ")])
        }
        switch index % Self.count {
        case 0: return .element("circle", ["class": classes, "cx": x.short, "cy": y.short, "r": size.short])
        case 1: return shape([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
        case 2: return shape([(0, -1.15), (1.1, 0.85), (-1.1, 0.85)])
        case 3: return shape([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
        case 4: return shape([(0, 1.15), (1.1, -0.85), (-1.1, -0.85)])
        default:
            return shape([
                (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4), (0.4, 1.2), (-0.4, 1.2),
                (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
            ])
        }
    }
}
