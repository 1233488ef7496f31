/// An SVG with a title and a description, for those who cannot see it, and the parts that all plots share. Lengths are in
/// pixels of a drawing as wide as a narrow phone shows it.
struct Drawing {
    let width: Double
    let height: Double
    private(set) var parts: [Markup] = []

    init(width: Double = 360, height: Double = 250) {
        self.width = width
        self.height = height
    }

    mutating func add(_ part: Markup) { parts.append(part) }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ classes: String, dashes: String? = nil)
    {
        add(
            .element(
                "line",
                [
                    "class": classes, "x1": x1.short, "y1": y1.short, "x2": x2.short, "y2": y2.short,
                    "stroke-dasharray": dashes,
                ]))
    }

    enum Anchor: String { case start, middle, end }

    mutating func text(_ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, _ classes: String? = nil) {
        add(.element("text", ["class": classes, "x": x.short, "y": y.short, "text-anchor": anchor.rawValue], text))
    }

    /// The whole drawing.
    ///
    /// - Parameters:
    ///   - id: Names it; no other on the page has the same.
    ///   - classes: For the page's style sheet.
    func svg(id: String, title: String, description: String, classes: String = "plot") -> Markup {
        .element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "id": id, "class": classes, "role": "img",
                "viewBox": "0 0 \(width.short) \(height.short)", "aria-labelledby": "\(id)-title \(id)-desc",
            ],
            [
                .element("title", ["id": "\(id)-title"], title),
                .element("desc", ["id": "\(id)-desc"], description),
            ] + parts)
    }
}

extension Drawing {
    /// Draws the axes with their ticks, a grid, and what each counts.
    mutating func axes(_ field: Field, _ x: Axis, _ y: Axis, xLabel: String, yLabel: String) {
        for tick in y.ticks {
            line(field.left, y(tick), field.right, y(tick), "grid")
            text(tick.tickLabel, field.left - 5, y(tick) + 4, .end)
        }
        for tick in x.ticks {
            line(x(tick), field.bottom, x(tick), field.bottom + 4, "axis")
            text(tick.tickLabel, x(tick), field.bottom + 17, .middle)
        }
        line(field.left, field.bottom, field.right, field.bottom, "axis")
        line(field.left, field.top, field.left, field.bottom, "axis")
        text(xLabel, (field.left + field.right) / 2, field.bottom + 35, .middle, "label")
        text(yLabel, 4, field.top - 9, .start, "label")
    }

    /// Draws names beside the places they belong to, from the top down, apart from each other.
    mutating func labels(_ labels: [(y: Double, style: SeriesStyle, name: String)], _ field: Field) {
        let gap = 15.0
        var places = labels.sorted { $0.y < $1.y }
        for index in places.indices.dropFirst() { places[index].y = max(places[index].y, places[index - 1].y + gap) }
        // What was pushed out at the bottom pushes the others up again.
        if let last = places.indices.last, places[last].y > field.bottom {
            places[last].y = field.bottom
            for index in places.indices.dropLast().reversed() {
                places[index].y = min(places[index].y, places[index + 1].y - gap)
            }
        }
        for place in places {
            add(place.style.marker(field.right + 13, place.y))
            text(place.name, field.right + 21, place.y + 4)
        }
    }
}
