/// One HTML file that needs no other: a heading, sections of text, plots and tables.
public struct Page: Sendable {
    public var title: String
    /// A sentence under the title.
    public var subtitle: String
    public private(set) var sections: [Markup] = []
    private var plotCount = 0

    public init(title: String, subtitle: String) {
        self.title = title
        self.subtitle = subtitle
    }

    /// A plot, or a few of the same kind, with the figures in them.
    public struct Figure: Sendable {
        let title: String
        let draw: @Sendable (_ id: String) -> Markup
        let note: String?
        let table: Table?
        let isWide: Bool

        private init(
            _ title: String, note: String?, table: Table?, isWide: Bool = false,
            draw: @escaping @Sendable (String) -> Markup
        ) {
            self.title = title
            self.note = note
            self.table = table
            self.isWide = isWide
            self.draw = draw
        }

        public init(_ chart: LineChart, note: String? = nil, table: Table? = nil) {
            self.init(chart.title, note: note, table: table) { chart.svg(id: $0) }
        }

        public init(_ chart: RooflineChart, note: String? = nil, table: Table? = nil) {
            self.init(chart.title, note: note, table: table) { chart.svg(id: $0) }
        }

        public init(_ chart: ComparisonChart, note: String? = nil, table: Table? = nil) {
            self.init(chart.title, note: note, table: table) { chart.svg(id: $0) }
        }

        public init(_ chart: TimelineChart, note: String? = nil, table: Table? = nil) {
            self.init(chart.title, note: note, table: table, isWide: true) { chart.svg(id: $0) }
        }
    }

    /// Adds a section: paragraphs, then plots side by side, then tables.
    public mutating func add(
        _ heading: String, _ paragraphs: [String] = [], figures: [Figure] = [], tables: [Table] = [],
        code: String? = nil
    ) {
        var parts: [Markup] = [.element("h2", [:], heading)]
        parts += paragraphs.map { .element("p", [:], $0) }
        if let code { parts.append(.element("pre", ["tabindex": "0"], [.element("code", [:], code)])) }
        for isWide in [false, true] {
            let drawn = figures.filter { $0.isWide == isWide }.map { drawing($0) }
            if !drawn.isEmpty { parts.append(.element("div", ["class": isWide ? "wide-plots" : "plots"], drawn)) }
        }
        parts += tables.map(\.html)
        sections.append(.element("section", [:], parts))
    }

    private mutating func drawing(_ figure: Figure) -> Markup {
        plotCount += 1
        var parts: [Markup] = [.element("figcaption", [:], figure.title), figure.draw("plot\(plotCount)")]
        if let note = figure.note { parts.append(.element("p", ["class": "small"], note)) }
        if let table = figure.table {
            parts.append(.element("details", [:], [.element("summary", [:], "Figures"), table.html]))
        }
        return .element("figure", [:], parts)
    }

    /// The whole file.
    public var html: String {
        let head = Markup.element(
            "head", [:],
            [
                .element("meta", ["charset": "utf-8"]),
                .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                .element("meta", ["name": "color-scheme", "content": "light dark"]),
                .element("title", [:], title), .style(Stylesheet.text),
            ])
        let body = Markup.element(
            "body", [:],
            [
                .element(
                    "main", [:], [.element("h1", [:], title), .element("p", ["class": "lead"], subtitle)] + sections)
            ])
        return "<!DOCTYPE html>\n" + Markup.element("html", ["lang": "en"], [head, body]).source + "\n"
    }
}
