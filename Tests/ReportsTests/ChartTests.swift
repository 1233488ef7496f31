import Testing

@testable import Reports

@Suite struct ChartTests {
    private static func chart(series: Int, points: Int) -> LineChart {
        LineChart(
            title: "A & B", description: "<of> both", xLabel: "ranks", yLabel: "tok/s",
            series: (0..<series).map { index in
                LineChart.Series(
                    name: "\(index) seq",
                    points: (0..<points).map {
                        LineChart.Point(x: Double($0), y: Double($0 + index), range: 0...20, tick: 9)
                    })
            })
    }

    @Test(arguments: [(1, 1), (3, 4), (7, 2), (0, 0), (1, 0)])
    func everyPointHasAMark(series: Int, points: Int) throws {
        let svg = Self.chart(series: series, points: points).svg(id: "p")
        let xml = try #require(XMLCheck(svg.source), "\(svg.source)")
        // A mark for each point, and one beside each name.
        let named = points > 0 ? series : 0
        let marks = xml.count("circle", class: "mark") + xml.count("polygon", class: "mark")
        #expect(marks == series * points + named)
        #expect(xml.count("polyline", class: "series") == series)
        #expect(xml.count("title") == 1 && xml.count("desc") == 1)
        #expect(xml.elements[0].attributes["aria-labelledby"] == "p-title p-desc")
        for index in 0..<named { #expect(xml.text.contains("\(index) seq")) }
    }

    @Test func seriesDifferWithoutColour() {
        let styles = (0..<SeriesStyle.count).map(SeriesStyle.init)
        #expect(Set(styles.map { $0.dashes ?? "" }).count == SeriesStyle.count)
        let shapes = styles.map { $0.marker(0, 0).source.split(separator: "points=").last.map(String.init) ?? "" }
        #expect(Set(shapes).count == SeriesStyle.count)
    }

    @Test func namesBesideLinesAreApart() {
        var drawing = Drawing()
        let field = Field(left: 0, right: 100, top: 0, bottom: 200)
        drawing.labels((0..<9).map { (y: 198 - Double($0) * 0.1, style: SeriesStyle($0), name: "\($0)") }, field)
        let heights = drawing.parts.map(\.source).filter { $0.hasPrefix("<text") }.compactMap {
            $0.split(separator: " y=\"").last?.split(separator: "\"").first.flatMap { Double($0) }
        }
        #expect(heights.count == 9)
        #expect(zip(heights, heights.dropFirst()).allSatisfy { $1 - $0 > 14.9 }, "\(heights)")
        #expect(heights.allSatisfy { $0 <= 204 })
    }

    @Test func rooflineMarksLieInTheField() throws {
        let points = [(0.5, 9e9), (2.0, 50e9), (200, 400e9)].map {
            RooflineChart.Point(intensity: $0.0, rate: $0.1, label: "0", isFilled: true)
        }
        let chart = RooflineChart(
            title: "Roof", description: "", bandwidth: 25e9, peak: 470e9,
            series: [RooflineChart.Series(name: "1 seq", points: points)])
        let xml = try #require(XMLCheck(chart.svg(id: "r").source))
        #expect(xml.count("line", class: "roof") == 2)
        for circle in xml.elements where circle.name == "circle" {
            let x = try #require(circle.attributes["cx"].flatMap { Double($0) })
            let y = try #require(circle.attributes["cy"].flatMap { Double($0) })
            #expect((40...320).contains(x) && (20...210).contains(y))
        }
        #expect(xml.text.contains("470 GOPS") && xml.text.contains("25.0 GB/s"))
    }

    @Test func timelinesComeInTwoWidths() throws {
        let events = (0..<4).flatMap { step in
            (0..<2).map { row in
                TimelineChart.Event(
                    row: row, kind: .work(step), start: Double(step + row), end: Double(step + row) + 0.9)
            }
        }
        let chart = TimelineChart(title: "T", description: "D", rows: ["rank 0", "rank 1"], events: events)
        let xml = try #require(XMLCheck("<div>" + chart.svg(id: "t").source + "</div>"))
        #expect(xml.count("svg", class: "wide") == 1 && xml.count("svg", class: "narrow") == 1)
        #expect(xml.count("rect", class: "box") == 16)
        #expect(Set(xml.elements.compactMap { $0.attributes["id"] }).count == 6)
    }
}
