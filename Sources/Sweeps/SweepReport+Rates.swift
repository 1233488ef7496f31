import Figures
import ReportSchemas
import Reports

extension SweepReport {
    func addThroughput(to page: inout Page) {
        let figures = facets.flatMap { facet, suffix in
            Phase.allCases.map { phase -> Page.Figure in
                let lines = series(facet).map { one in
                    LineChart.Series(
                        name: one.name,
                        points: one.points.map {
                            LineChart.Point(
                                x: Double($0.ranks), y: phase.rate($0.result), range: phase.spread($0.result))
                        })
                }
                let chart = LineChart(
                    title: "\(phase.rawValue)\(suffix)",
                    description:
                        "Tokens a second in \(phase.rawValue.lowercased()) over the number of ranks, a line for "
                        + "each number of sequences.",
                    xLabel: "ranks", yLabel: "tokens a second", series: lines)
                return Page.Figure(chart, table: rateTable(phase, facet))
            }
        }
        page.add("Throughput", figures: figures.filter { _ in definition.grid.scaling.isStrong })
    }

    private func rateTable(_ phase: Phase, _ facet: Facet) -> Table {
        let rows = series(facet).flatMap { one in
            one.points.map { ranks, result -> [String] in
                let spread = phase.spread(result)
                return [
                    one.name, "\(ranks)", phase.rate(result).figures, spread?.lowerBound.figures ?? "",
                    spread?.upperBound.figures ?? "",
                ]
            }
        }
        return Table(
            caption: "\(phase.rawValue), tokens a second",
            columns: ["sequences", "ranks", "median", "least", "largest"], rows: rows, wordColumns: [0])
    }

    /// How much of p times one rank's rate p ranks reach.
    func addEfficiency(to page: inout Page) {
        guard Set(measured.map(\.point.ranks)).count > 1 else { return }
        let kinds: [Scaling] = [.strong, .weak].filter {
            $0 == .strong ? definition.grid.scaling.isStrong : definition.grid.scaling.isWeak
        }
        let figures = kinds.flatMap { scaling in
            facets.flatMap { facet, suffix in
                Phase.allCases.compactMap { efficiency($0, scaling, facet, suffix) }
            }
        }
        page.add(
            "Efficiency",
            [
                "The rate on p ranks as a share of p times the rate on the fewest. Strong scaling keeps the work and adds "
                    + "ranks; weak scaling gives each rank its own sequences. A single sequence keeps one stage busy at a "
                    + "time, so its decode cannot scale; more sequences can, as far as there are cores and memory "
                    + "bandwidth for the ranks."
            ], figures: figures)
    }

    private func efficiency(_ phase: Phase, _ scaling: Scaling, _ facet: Facet, _ suffix: String) -> Page.Figure? {
        let lines = series(facet, scaling).compactMap { one -> LineChart.Series? in
            guard let base = one.points.min(by: { $0.ranks < $1.ranks }), one.points.count > 1 else { return nil }
            let baseRate = phase.rate(base.result) / Double(base.ranks)
            return LineChart.Series(
                name: one.name,
                points: one.points.map {
                    LineChart.Point(x: Double($0.ranks), y: 100 * phase.rate($0.result) / Double($0.ranks) / baseRate)
                })
        }
        guard !lines.isEmpty else { return nil }
        var chart = LineChart(
            title: "\(phase.rawValue), \(scaling.rawValue) scaling\(suffix)",
            description: "Efficiency of \(scaling.rawValue) scaling in \(phase.rawValue.lowercased()), in percent of "
                + "what the ranks would do if each added its whole rate.",
            xLabel: "ranks", yLabel: "% of ideal", series: lines)
        chart.ideal = (100, "ideal")
        let rows = lines.flatMap { line in
            line.points.map { [line.name, $0.x.decimal(0), $0.y.decimal(1)] }
        }
        return Page.Figure(
            chart,
            table: Table(
                caption: chart.title, columns: ["sequences", "ranks", "% of ideal"], rows: rows, wordColumns: [0]))
    }
}
