import Testing

@testable import Reports

@Suite struct MarkupTests {
    @Test func textsAndAttributesAreEscaped() throws {
        let hostile = "<script>&\"'\u{1}\u{FFFE}]]>\n"
        let markup = Markup.element("p", ["title": hostile, "id": nil], [.text(hostile), .element("br")])
        let xml = try #require(XMLCheck(markup.source), "\(markup.source)")
        #expect(xml.elements.map(\.name) == ["p", "br"])
        #expect(xml.text == "<script>&\"'\u{FFFD}\u{FFFD}]]>\n")
        #expect(xml.elements[0].attributes.keys.sorted() == ["title"])
    }

    @Test(arguments: [
        (0, "0"), (1234.5, "1235"), (99.94, "99.9"), (7.123, "7.12"), (0.1234, "0.123"), (0.00123, "0.00123"),
        (-3.456, "-3.46"), (Double.nan, "-"), (1e30, "1e+30"), (Double.infinity, "inf"),
    ])
    func figures(_ number: Double, _ text: String) { #expect(number.figures == text) }

    @Test(arguments: [(9999.0, "9999"), (10_000, "10k"), (250_000, "250k"), (2_500_000, "2.5M"), (0.05, "0.05")])
    func ticks(_ number: Double, _ text: String) { #expect(number.tickLabel == text) }

    @Test func commasQuotesAndLinesAreQuotedInCSV() {
        let table = Table(caption: "", columns: ["a", "b,c"], rows: [["1", "say \"x\""], ["two\nlines", ""]])
        #expect(table.csv == "a,\"b,c\"\r\n1,\"say \"\"x\"\"\"\r\n\"two\nlines\",\r\n")
    }
}
