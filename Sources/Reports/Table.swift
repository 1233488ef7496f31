/// Figures in rows and columns, for those who want them to the digit or cannot see a plot.
public struct Table: Sendable {
    public var caption: String
    public var columns: [String]
    /// As many cells each as there are columns.
    public var rows: [[String]]
    /// Columns of words, which begin at the left; numbers end at the right.
    public var wordColumns: Set<Int>

    public init(caption: String, columns: [String], rows: [[String]], wordColumns: Set<Int> = []) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
        self.wordColumns = wordColumns
    }

    public var html: Markup {
        func cells(_ name: String, _ values: [String]) -> [Markup] {
            values.enumerated().map { index, value in
                .element(
                    name, ["class": wordColumns.contains(index) ? "word" : nil, "scope": name == "th" ? "col" : nil],
                    value)
            }
        }
        return .element(
            "div", ["class": "scroll"],
            [
                .element(
                    "table", [:],
                    [
                        .element("caption", [:], caption),
                        .element("thead", [:], [.element("tr", [:], cells("th", columns))]),
                        .element("tbody", [:], rows.map { .element("tr", [:], cells("td", $0)) }),
                    ])
            ])
    }

    /// The same as lines of comma-separated values (RFC 4180).
    public var csv: String {
        ([columns] + rows).map { $0.map(\.quotedForCSV).joined(separator: ",") + "\r\n" }.joined()
    }
}

extension String {
    fileprivate var quotedForCSV: String {
        guard contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return self }
        return "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
