/// Who did what when: a row for each actor, time from left to right.
public struct TimelineChart: Sendable {
    public struct Event: Sendable {
        public enum Kind: Sendable {
            /// Work on something that has a number and its look.
            case work(Int)
            /// Work of another sort.
            case other
            /// Handing over.
            case handover
        }

        public var row: Int
        public var kind: Kind
        /// Seconds.
        public var start: Double
        public var end: Double

        public init(row: Int, kind: Kind, start: Double, end: Double) {
            self.row = row
            self.kind = kind
            self.start = start
            self.end = end
        }
    }

    public var title: String
    public var description: String
    /// The names of the rows, from the top.
    public var rows: [String]
    public var events: [Event]

    public init(title: String, description: String, rows: [String], events: [Event]) {
        self.title = title
        self.description = description
        self.rows = rows
        self.events = events
    }

    /// The drawing for wide windows and the one for narrow ones; the page's style sheet shows one of them.
    ///
    /// - Parameter id: Names the drawing; no other on the page begins with the same.
    public func svg(id: String) -> Markup {
        svg(id: "\(id)-wide", width: 1120, classes: "plot wide")
            + svg(id: "\(id)-narrow", width: 360, classes: "plot narrow")
    }

    private func svg(id: String, width: Double, classes: String) -> Markup {
        let rowHeight = 30.0
        let field = Field(left: 58, right: width - 12, top: 10, bottom: 10 + rowHeight * Double(rows.count))
        var drawing = Drawing(width: width, height: field.bottom + 44)
        let start = events.map(\.start).min() ?? 0
        let end = events.map(\.end).max() ?? 1
        let axis = Axis(.linear, for: [0, (end - start) * 1000], from: field.left, to: field.right)
        for tick in axis.ticks where width > 600 || tick == axis.ticks.first || tick == axis.ticks.last {
            drawing.line(axis(tick), field.top, axis(tick), field.bottom + 4, "grid")
            drawing.text(tick.short, axis(tick), field.bottom + 17, .middle)
        }
        drawing.text("milliseconds", (field.left + field.right) / 2, field.bottom + 35, .middle, "label")
        for (index, name) in rows.enumerated() {
            let y = field.top + rowHeight * Double(index)
            drawing.text(name, field.left - 6, y + rowHeight / 2 + 4, .end)
            drawing.line(field.left, y + rowHeight, field.right, y + rowHeight, "grid")
        }
        for event in events where rows.indices.contains(event.row) {
            draw(
                event, x: axis((event.start - start) * 1000), end: axis((event.end - start) * 1000),
                y: field.top + rowHeight * Double(event.row), height: rowHeight, in: &drawing)
        }
        return drawing.svg(id: id, title: title, description: description, classes: classes)
    }

    private func draw(_ event: Event, x: Double, end: Double, y: Double, height: Double, in drawing: inout Drawing) {
        let width = max(end - x, 0.5)
        func box(_ classes: String, top: Double, height: Double) {
            drawing.add(
                .element(
                    "rect",
                    [
                        "class": classes, "x": x.short, "y": top.short, "width": width.short, "height": height.short,
                    ]))
        }
        switch event.kind {
        case .work(let number):
            box("box \(SeriesStyle(number).colorClass)", top: y + 4, height: height - 8)
            let label = "\(number)"
            if width > Double(label.count) * 7 + 3 {
                drawing.text(label, x + width / 2, y + height / 2 + 4, .middle, "boxed")
            }
        case .other: box("other", top: y + 9, height: height - 18)
        case .handover: box("handover", top: y + height - 6, height: 4)
        }
    }
}
