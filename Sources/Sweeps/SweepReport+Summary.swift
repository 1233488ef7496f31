import Figures
import ReportSchemas
import Reports

extension SweepReport {
    /// What was measured where, and what stands out.
    func addSummary(to page: inout Page) {
        var lines = findings
        if !failed.isEmpty { lines.append("\(failed.count) of \(records.count) points failed; see the end.") }
        let version = records.compactMap { $0.bench?.version }.first ?? definition.version
        lines.append(
            "Each point is the median of \(definition.repetitions) repetitions, prompts of \(definition.promptTokens) "
                + "tokens and \(definition.generateTokens) generated ones; whiskers show the least and the largest. "
                + "Rates are summed over sequences.")
        let facts = Table(
            caption: "Rank 0's machine",
            columns: [
                "host", "processor", "cores", "instruction set", "reads, GB/s", "int8, GOPS a core",
                "float, GFLOPS a core",
            ],
            rows: machines.map { machine in
                [
                    machine.host, machine.processor, "\(machine.cores)", machine.instructionSet,
                    machine.readGigabytesPerSecond.figures, machine.integerGigaopsPerSecondPerCore.figures,
                    machine.floatGigaopsPerSecondPerCore.figures,
                ]
            }, wordColumns: [0, 1, 3])
        page.add(
            "Summary", lines + ["Stagecoach \(version). The command:"], tables: machines.isEmpty ? [] : [facts],
            code: definition.arguments.shellLine)
    }

    /// What one would say of the points in a sentence or two.
    private var findings: [String] {
        guard let decode = measured.max(by: { $0.result.decodeTokensPerSecond < $1.result.decodeTokensPerSecond }),
            let prefill = measured.max(by: { $0.result.prefillTokensPerSecond < $1.result.prefillTokensPerSecond })
        else { return ["No point was measured."] }
        var lines = [
            "Fastest decode: \(decode.result.decodeTokensPerSecond.figures) tok/s by \(decode.point). "
                + "Fastest prefill: \(prefill.result.prefillTokensPerSecond.figures) tok/s by \(prefill.point)."
        ]
        for (facet, suffix) in facets {
            for (index, one) in series(facet).enumerated() where index == 0 || index == series(facet).count - 1 {
                guard let first = one.points.first, let last = one.points.last, last.ranks > first.ranks else {
                    continue
                }
                let decode = last.result.decodeTokensPerSecond / first.result.decodeTokensPerSecond
                let prefill = last.result.prefillTokensPerSecond / first.result.prefillTokensPerSecond
                lines.append(
                    "\(one.name)\(suffix): from \(first.ranks) to \(last.ranks) ranks decode goes "
                        + "\(decode.decimal(2)) times as fast, prefill \(prefill.decimal(2)) times.")
            }
        }
        return lines
    }
}
