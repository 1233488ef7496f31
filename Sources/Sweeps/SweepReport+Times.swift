import Figures
import ReportSchemas
import Reports

extension SweepReport {
    /// How long users wait: for the first token, and from one to the next.
    func addLatencies(to page: inout Page) {
        let kinds: [(name: String, of: (BenchResult) -> Percentiles?)] = [
            ("TTFT", { $0.ttftPercentiles }), ("ITL", { $0.itlSeconds }),
        ]
        let figures = facets.flatMap { facet, suffix in
            kinds.compactMap { kind -> Page.Figure? in
                let lines = series(facet, definition.grid.scaling.isStrong ? .strong : .weak).map { one in
                    (
                        name: one.name,
                        points: one.points.compactMap { ranks, result in kind.of(result).map { (ranks, $0) } }
                    )
                }
                guard lines.contains(where: { !$0.points.isEmpty }) else { return nil }
                return latencies(kind.name, lines, suffix)
            }
        }
        page.add(
            "TTFT and ITL",
            [
                "The time to the first token when all prompts come at once, and the time between tokens. Marks are "
                    + "medians; whiskers reach to p99, with a tick at p95."
            ], figures: figures)
    }

    private func latencies(
        _ name: String, _ lines: [(name: String, points: [(Int, Percentiles)])], _ suffix: String
    ) -> Page.Figure {
        var chart = LineChart(
            title: "\(name)\(suffix)",
            description:
                "\(name) in milliseconds over the number of ranks: median, p95 and p99, a line for each number "
                + "of sequences.",
            xLabel: "ranks", yLabel: "milliseconds",
            series: lines.map { line in
                LineChart.Series(
                    name: line.name,
                    points: line.points.map { ranks, times in
                        LineChart.Point(
                            x: Double(ranks), y: times.p50 * 1000,
                            range: times.p50 * 1000...max(times.p50, times.p99) * 1000, tick: times.p95 * 1000)
                    })
            })
        let times = lines.flatMap { $0.points.map(\.1) }
        chart.isLogarithmic = (times.map(\.p99).max() ?? 1) > 8 * (times.map(\.p50).min() ?? 1)
        let rows = lines.flatMap { line in
            line.points.map { ranks, times in
                [line.name, "\(ranks)"] + [times.p50, times.p95, times.p99].map { ($0 * 1000).figures }
            }
        }
        return Page.Figure(
            chart,
            table: Table(
                caption: "\(name), milliseconds", columns: ["sequences", "ranks", "p50", "p95", "p99"], rows: rows,
                wordColumns: [0]))
    }

    /// How much of their time stages computed nothing.
    func addBubbles(to page: inout Page) {
        let kinds: [(name: String, of: (BenchResult) -> Double?)] = [
            ("Prefill", { $0.prefillBubble }), ("Decode", { $0.decodeBubble }),
        ]
        let figures = facets.flatMap { facet, suffix in
            kinds.compactMap { kind -> Page.Figure? in
                let lines = series(facet, definition.grid.scaling.isStrong ? .strong : .weak).compactMap { one in
                    let points = one.points.compactMap { ranks, result in
                        kind.of(result).map { LineChart.Point(x: Double(ranks), y: 100 * $0) }
                    }
                    return points.isEmpty ? nil : LineChart.Series(name: one.name, points: points)
                }
                guard !lines.isEmpty else { return nil }
                let chart = LineChart(
                    title: "\(kind.name)\(suffix)",
                    description: "The share of the stages' time in \(kind.name.lowercased()) that they waited or sent, "
                        + "over the number of ranks.",
                    xLabel: "ranks", yLabel: "% of the time", series: lines)
                let rows = lines.flatMap { line in line.points.map { [line.name, $0.x.decimal(0), $0.y.decimal(1)] } }
                return Page.Figure(
                    chart,
                    table: Table(
                        caption: "Bubble, \(kind.name.lowercased())", columns: ["sequences", "ranks", "% of the time"],
                        rows: rows, wordColumns: [0]))
            }
        }
        page.add(
            "Pipeline bubble",
            [
                "The share of all stages' time in which they computed nothing, because the microbatch they needed was "
                    + "elsewhere or on its way. m microbatches in p stages leave at least (p - m) / p of it empty in "
                    + "decode, and (p - 1) / (m + p - 1) in prefill."
            ], figures: figures)
    }
}
