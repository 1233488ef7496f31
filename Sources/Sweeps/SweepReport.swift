import Figures
import FoundationEssentials
import ReportSchemas
import Reports

/// All that a sweep found, as one HTML file, as CSV and as JSON.
public struct SweepReport {
    let definition: SweepDefinition
    /// In the order of the grid; points that were not tried yet are not there.
    let records: [SweepRecord]
    /// The lines of the journal that they come from.
    private let lines: [String]
    let timeline: SweepTimeline
    /// When the report was made, in words.
    let date: String

    public init(_ definition: SweepDefinition, _ journal: SweepJournal, timeline: SweepTimeline, date: String) {
        self.definition = definition
        self.timeline = timeline
        self.date = date
        let points = definition.grid.points
        records = points.compactMap { journal.records[$0] }
        lines = journal.lines(of: points)
    }

    /// What was measured.
    var measured: [(point: SweepPoint, result: BenchResult)] {
        records.compactMap { record in record.result.map { (record.point, $0) } }
    }
    var failed: [SweepRecord] { records.filter { $0.error != nil } }
    var machines: [BenchReport.Machine] {
        records.compactMap { $0.bench?.machine }.reduce(into: []) { found, machine in
            if !found.contains(where: { $0.host == machine.host && $0.instructionSet == machine.instructionSet }) {
                found.append(machine)
            }
        }
    }

    /// One line: the sweep, and its points as the journal has them.
    public var json: String {
        get throws {
            "{\"points\":[\(lines.joined(separator: ","))],\"sweep\":\(try JSONLine.text(definition))}\n"
        }
    }

    public var html: String {
        let ranks = definition.grid.ranks.sorted().map(String.init).joined(separator: ", ")
        let name = definition.model.split(separator: "/").last.map(String.init) ?? definition.model
        var page = Page(
            title: "Stagecoach sweep: \(name)",
            subtitle: "\(records.count) of \(definition.grid.points.count) points on \(ranks) ranks, \(date)")
        addSummary(to: &page)
        if !measured.isEmpty {
            addThroughput(to: &page)
            addEfficiency(to: &page)
            addLatencies(to: &page)
            addBubbles(to: &page)
            addPredictions(to: &page)
            addRooflines(to: &page)
            addTimeline(to: &page)
        }
        addPoints(to: &page)
        return page.html
    }
}

extension SweepReport {
    /// The kinds of plots' points, with what to write behind a title; nothing where there is one kind.
    var facets: [(facet: Facet, suffix: String)] {
        var facets: [Facet] = []
        for facet in measured.map({ Facet($0.point) }) where !facets.contains(facet) { facets.append(facet) }
        let grid = definition.grid
        return facets.map { facet in
            var words: [String] = []
            if grid.threads.count > 1 {
                words.append(facet.threads == 1 ? "1 thread a rank" : "\(facet.threads) threads a rank")
            }
            if grid.microbatches.count > 1 {
                words.append(facet.microbatches.map { "\($0) microbatches" } ?? "microbatches by the work")
            }
            return (facet, words.isEmpty ? "" : ", " + words.joined(separator: ", "))
        }
    }

    /// The results of a facet whose sequences stay the same, or grow with the ranks, by their number.
    func series(
        _ facet: Facet, _ scaling: Scaling = .strong
    ) -> [(name: String, points: [(ranks: Int, result: BenchResult)])] {
        let results = measured.filter { Facet($0.point) == facet }
        return Set(definition.grid.sequences).sorted().compactMap { count in
            let points = results.filter { point, _ in
                point.sequences == (scaling == .weak ? count * point.ranks : count)
            }
            guard !points.isEmpty else { return nil }
            return (scaling == .weak ? "\(count)/rank" : "\(count) seq", points.map { ($0.point.ranks, $0.result) })
        }
    }
}
