import Figures
import ReportSchemas

/// What `bench` prints for people of one number of sequences.
struct BenchTable {
    let text: String

    init(_ result: BenchResult, of report: BenchReport, repetitions: Int) {
        var lines = Self.work(result, report, repetitions) + Self.rates(result) + Self.machine(result, report)
        lines += ["", "stage  host              compute     wait     send  (seconds of the decode phase)"]
        lines += result.stages.map { stage in
            "\(stage.rank)".padded(to: 7) + stage.host.padded(to: 14)
                + [stage.computeSeconds, stage.waitSeconds, stage.sendSeconds]
                .map { $0.decimal(3).padded(left: 9) }.joined()
        }
        lines.append("")
        if let bottleneck = result.bottleneck {
            lines.append("limited by " + bottleneck)
            lines.append(result.cause ?? "prefill and decode took what was predicted, to 15 %")
        }
        text = lines.map { $0 + "\n" }.joined()
    }

    /// What was measured where.
    private static func work(_ result: BenchResult, _ report: BenchReport, _ repetitions: Int) -> [String] {
        let emulation =
            report.emulated == true
            ? ["EMULATED: nothing was computed; times are what the hosts and links described would take"] : []
        return emulation + [
            "\(result.ranks) ranks, layers \(result.partition.map(String.init).joined(separator: "+")), "
                + "\(ThreadCount(result.threads, quota: report.machine.cpuQuota).text) a rank, "
                + "\(report.machine.instructionSet), medians of \(repetitions)",
            result.sequences == 1 ? "one sequence" : "\(result.sequences) sequences, rates summed",
        ]
    }

    private static func rates(_ result: BenchResult) -> [String] {
        func rate(_ measured: Double, _ spread: [Double], _ predicted: Double?) -> String {
            let plan = predicted.map { "  predicted \($0.decimal(1)), measured \((measured / $0).percent()) of it" }
            return "\(measured.decimal(1)) tok/s  (\(spread[0].decimal(1))..\(spread[1].decimal(1)))" + (plan ?? "")
        }
        func times(_ times: Percentiles) -> String {
            "p50 \(times.p50.milliseconds(2))  p95 \(times.p95.milliseconds(2))  p99 \(times.p99.milliseconds(2)) ms"
        }
        let predicted = result.predicted
        let beside = result.itlSecondsBesidePrompts.map { beside in
            "  beside prompts  \(times(beside)), "
                + "\((beside.p95 / result.itlSeconds.p95).decimal(1)) times the p95 without"
        }
        return [
            "prefill   "
                + rate(result.prefillTokensPerSecond, result.prefillSpread, predicted?.prefillTokensPerSecond),
            "decode    " + rate(result.decodeTokensPerSecond, result.decodeSpread, predicted?.decodeTokensPerSecond),
            "TTFT      \(result.ttftSeconds.milliseconds()) ms",
            "ITL       \(times(result.itlSeconds))",
        ] + (beside.map { [$0] } ?? [])
    }

    /// How much of the machine that is.
    private static func machine(_ result: BenchResult, _ report: BenchReport) -> [String] {
        let peak = result.prefillGigaopsPerSecondPerCore / result.arithmeticPeakShare
        let loading = report.loading.map {
            "loading   \((Double($0.bytes) * 1e-9).decimal(2)) GB in \($0.seconds.decimal(2)) s, "
                + "\($0.gigabytesPerSecond.decimal(1)) GB/s"
        }
        return [
            "multiply  \(result.prefillGigaopsPerSecondPerCore.decimal(0)) GOPS a core in prefill, "
                + "\(result.arithmeticPeakShare.percent()) of the \(peak.decimal(0)) that its multipliers can do on "
                + "registers",
            "memory    \(result.weightGigabytesPerSecond.decimal(1)) GB/s of weights, "
                + "\((result.cacheGigabytesPerSecond ?? 0).decimal(1)) of keys and values while decoding, "
                + "\(result.readBandwidthShare.percent()) of the "
                + "\(report.machine.readGigabytesPerSecond.decimal(1)) GB/s that these threads read",
        ] + (loading.map { [$0] } ?? [])
    }
}
