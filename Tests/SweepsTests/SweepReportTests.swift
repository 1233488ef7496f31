import Figures
import Foundation
import ReportSchemas
import TestSupport
import Testing

@testable import Sweeps

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The report of a sweep on record: 3 numbers of ranks and 3 of sequences, with points that failed.
@Suite struct SweepReportTests {
    private let definition: SweepDefinition
    private let report: SweepReport

    init() throws {
        let copy = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: Fixture.folder, toPath: copy)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let text = try Data(contentsOf: URL(fileURLWithPath: copy + "/sweep.json"))
        definition = try JSONDecoder.forReports.decode(SweepDefinition.self, from: text)
        let trace = copy + "/trace.json"
        try Self.trace.write(toFile: trace, atomically: true, encoding: .utf8)
        report = SweepReport(
            definition, try SweepJournal(folder: copy, definition),
            timeline: SweepTimeline(trace, of: SweepPoint(ranks: 2, threads: 1, sequences: 2)), date: "2026-11-25")
    }

    /// Two ranks, a warm-up, then four microbatches of prompts and six of decode, each a millisecond.
    private static var trace: String {
        let phases = [1, 2, 2, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5]
        let events = phases.enumerated().flatMap { index, phase in
            (0..<2).map { rank in
                let start = 1000 * (index + rank)
                return """
                    {"name":"compute","cat":"stage","ph":"X","ts":\(start),"dur":900,"pid":\(rank),"tid":0,\
                    "args":{"microbatch":\(index),"rows":2,"phase":\(phase)}}
                    """
            }
        }
        let name = #"{"name":"process_name","ph":"M","pid":0,"args":{"name":"rank 0"}}"#
        return "{\"traceEvents\":[" + ([name] + events).joined(separator: ",")
            + #"],"metadata":{"ranks":2,"complete":true,"emulated":false,"clocks":[]}}"#
    }

    /// The page without what only HTML has: its first line.
    private func page() throws -> PageCheck {
        let html = report.html
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        return try #require(PageCheck(String(html.dropFirst("<!DOCTYPE html>\n".count))), "not well-formed")
    }

    @Test func thePageIsWellFormedAndNeedsNothingElse() throws {
        let page = try page()
        #expect(!page.elements.contains { ["script", "link", "img", "iframe", "use", "image"].contains($0.name) })
        for element in page.elements {
            for (name, value) in element.attributes {
                #expect(!["href", "src", "xlink:href", "action"].contains(name))
                #expect(name == "xmlns" || !value.contains("://"), "\(name)=\(value)")
            }
        }
        #expect(!report.html.contains("url(") && !report.html.contains("@import"))
        let ids = page.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
    }

    @Test func everyPlotExplainsItself() throws {
        let page = try page()
        let drawings = page.elements.filter { $0.name == "svg" }
        #expect(drawings.count >= 12)
        for drawing in drawings {
            #expect(drawing.attributes["role"] == "img")
            for id in try #require(drawing.attributes["aria-labelledby"]).split(separator: " ") {
                #expect(page.elements.contains { $0.attributes["id"] == String(id) })
            }
        }
        #expect(page.elements.count { $0.name == "figure" } == page.elements.count { $0.name == "details" })
    }

    @Test(arguments: [
        "Throughput", "Efficiency", "TTFT and ITL", "Pipeline bubble", "Predicted against measured",
        "Roofline of each stage", "Timeline", "All points", "Failed points", "Commands",
    ])
    func sectionsAreThere(_ heading: String) throws { #expect(try page().headings.contains(heading)) }

    @Test func everyPointIsThere() throws {
        let text = try page().text
        #expect(report.records.count == definition.grid.points.count)
        for record in report.records {
            #expect(text.contains(record.command))
            if let result = record.result {
                for figure in [result.prefillTokensPerSecond, result.decodeTokensPerSecond] {
                    #expect(text.contains(figure.figures), "\(record.point): \(figure.figures)")
                }
            } else {
                #expect(text.contains(try #require(record.error)))
            }
        }
        #expect(!report.failed.isEmpty && report.measured.count > 6)
    }

    @Test func tablesForMachinesHaveEveryPoint() throws {
        let rows = report.csv.split(whereSeparator: \.isNewline)
        #expect(rows.count == definition.grid.points.count + 1)
        #expect(rows[1].hasPrefix("1,1,1,auto,"))
        let object = try JSONSerialization.jsonObject(with: Data(try report.json.utf8)) as? [String: Any]
        #expect((object?["points"] as? [Any])?.count == definition.grid.points.count)
    }

    @Test func bubblesFollowFromTheStages() throws {
        for (_, result) in report.measured {
            let bubble = try #require(result.decodeBubble)
            #expect((0...1).contains(bubble))
            if result.stages.count == 1 { #expect(bubble < 0.1) }
        }
    }

    @Test func timelinesBeginWithTheLastPrompts() throws {
        let trace = try #require(report.timeline.trace)
        let windows = trace.windows(count: 4)
        #expect(windows.prefill?.microbatches == 3...6)
        #expect(windows.decode?.microbatches == 7...10)
        #expect(windows.prefill.map { abs($0.end - $0.start - 0.0049) < 1e-9 } == true)
    }

    @Test func theTimelineIsOfTheRingThatIsJustFull() {
        let points = [(1, 1), (1, 8), (2, 1), (2, 8), (2, 32)].map {
            SweepPoint(ranks: $0.0, threads: 1, sequences: $0.1)
        }
        #expect(SweepTimeline.choose(from: points) == points[3])
        #expect(SweepTimeline.choose(from: [points[2]]) == points[2])
        #expect(SweepTimeline.choose(from: []) == nil)
    }
}

/// Reads a page as XML.
private final class PageCheck: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var headings: [String] = []
    private(set) var text = ""

    init?(_ source: String) {
        super.init()
        let parser = XMLParser(data: Data(source.utf8))
        parser.delegate = self
        guard parser.parse() else { return nil }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        elements.append((name, attributes))
        if name == "h2" { headings.append("") }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        text += string
        if elements.last?.name == "h2" { headings[headings.count - 1] += string }
    }
}
