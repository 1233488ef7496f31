import Figures
import ReportSchemas
import Reports

extension SweepReport {
    /// How good the planner's predictions are, where there are any.
    func addPredictions(to page: inout Page) {
        let predicted = measured.compactMap { point, result in result.predicted.map { (point, result, $0) } }
        guard !predicted.isEmpty else { return }
        let ranks = Set(predicted.map(\.0.ranks)).sorted()
        let figures = Phase.allCases.map { phase -> Page.Figure in
            func predictedRate(_ prediction: TokenRates) -> Double {
                phase == .prefill ? prediction.prefillTokensPerSecond : prediction.decodeTokensPerSecond
            }
            let chart = ComparisonChart(
                title: "\(phase.rawValue), predicted and measured",
                description: "Measured over predicted tokens a second; on the diagonal both agree, between the dotted "
                    + "lines within 15 percent.",
                unit: "tok/s", tolerance: 0.15,
                series: ranks.map { count in
                    ComparisonChart.Series(
                        name: count == 1 ? "1 rank" : "\(count) ranks",
                        points: predicted.filter { $0.0.ranks == count }.map { (predictedRate($0.2), phase.rate($0.1)) }
                    )
                })
            let rows = predicted.map { point, result, prediction in
                let (expected, found) = (predictedRate(prediction), phase.rate(result))
                return ["\(point)", expected.figures, found.figures, (100 * (expected / found - 1)).decimal(1)]
            }
            return Page.Figure(
                chart,
                table: Table(
                    caption: chart.title, columns: ["point", "predicted, tok/s", "measured, tok/s", "error, %"],
                    rows: rows, wordColumns: [0]))
        }
        page.add(
            "Predicted against measured", ["What the planner predicted for each point, beside what came out."],
            figures: figures)
    }

    /// How near each stage comes to what its memory and its multipliers allow.
    func addRooflines(to page: inout Page) {
        let layouts = facets.flatMap { facet, suffix in
            definition.grid.ranks.sorted().map { ($0, facet, suffix) }
        }
        let figures = layouts.compactMap { ranks, facet, suffix in roofline(ranks: ranks, facet, suffix) }
        guard !figures.isEmpty else { return }
        page.add(
            "Roofline of each stage",
            [
                "Operations that a stage does for each byte of weights it reads, and how many it does a second while it "
                    + "computes: full marks in decode, hollow ones in prefill, with the rank beside them. The slope is the "
                    + "read bandwidth of rank 0's threads and the flat part what their multipliers can do on registers, "
                    + "each measured with nothing else running; ranks on one machine share the bandwidth. A small model's "
                    + "weights may stay in the caches, and its marks then lie above the slope."
            ], figures: figures)
    }

    private func roofline(ranks: Int, _ facet: Facet, _ suffix: String) -> Page.Figure? {
        let records = records.filter { $0.point.ranks == ranks && Facet($0.point) == facet && $0.result != nil }
        var rows: [[String]] = []
        let lines = records.map { record in
            let points = record.result!.stages.flatMap { stage in
                [(Phase.decode, stage.decode), (.prefill, stage.prefill)].compactMap { phase, work in
                    point(stage, phase, work, record.point, &rows)
                }
            }
            return RooflineChart.Series(name: "\(record.point.sequences) seq", points: points)
        }
        .filter { !$0.points.isEmpty }
        guard !lines.isEmpty else { return nil }
        let machines = records.map { ($0.bench!.machine, $0.result!) }
        let bandwidth = machines.map { $0.0.readGigabytesPerSecond * 1e9 }.max()!
        let peak = machines.map { machine, result in
            // Of the model's mix of integers and floats.
            let share = result.arithmeticPeakShare
            return (share > 0 ? result.prefillGigaopsPerSecondPerCore / share : machine.integerGigaopsPerSecondPerCore)
                * 1e9 * Double(facet.threads)
        }.max()!
        let chart = RooflineChart(
            title: "\(ranks == 1 ? "1 rank" : "\(ranks) ranks")\(suffix)",
            description: "Operations a second of each stage over operations for each byte of weights, beneath the read "
                + "bandwidth and the arithmetic of rank 0's machine.",
            bandwidth: bandwidth, peak: peak, series: lines)
        return Page.Figure(
            chart,
            table: Table(
                caption: "Work of each stage",
                columns: ["sequences", "rank", "phase", "operations a byte", "GOPS", "GB/s of weights"], rows: rows,
                wordColumns: [2]))
    }

    private func point(
        _ stage: BenchStage, _ phase: Phase, _ work: BenchStage.Phase?, _ point: SweepPoint,
        _ rows: inout [[String]]
    ) -> RooflineChart.Point? {
        guard let work, work.operations > 0, work.weightBytes > 0, work.computeSeconds > 0 else { return nil }
        let (intensity, rate) = (work.operations / work.weightBytes, work.operations / work.computeSeconds)
        rows.append([
            "\(point.sequences)", "\(stage.rank)", phase.rawValue.lowercased(), intensity.figures,
            (rate * 1e-9).figures, (work.weightBytes / work.computeSeconds * 1e-9).figures,
        ])
        return RooflineChart.Point(
            intensity: intensity, rate: rate, label: "\(stage.rank)", isFilled: phase == .decode)
    }
}
