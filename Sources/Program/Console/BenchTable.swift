import Engine
import Figures

/// What `bench` prints for people.
struct BenchTable {
    let text: String

    init(_ benchmark: Benchmark, _ explanation: Explanation?, _ facts: JobFacts) {
        let decode = benchmark.decodeRates
        let prefill = benchmark.prefillRates
        func spread(_ rates: [Double], _ foreseen: Double?) -> String {
            let measured = rates.percentile(50)
            let plan = foreseen.map {
                "  predicted \($0.decimal(1)), measured \((measured / $0).percent()) of it"
            }
            return "\(measured.decimal(1)) tok/s  (\(rates.min()!.decimal(1))..\(rates.max()!.decimal(1)))"
                + (plan ?? "")
        }
        func milliseconds(_ percent: Int) -> String {
            benchmark.interTokenSeconds(percentile: percent).milliseconds(2)
        }
        let loading = facts.loading.map {
            [
                "loading   \((Double($0.byteCount) * 1e-9).decimal(2)) GB in \($0.seconds.decimal(2)) s, "
                    + "\(($0.rate * 1e-9).decimal(1)) GB/s"
            ]
        }
        var lines =
            facts.isEmulated
            ? ["EMULATED: nothing was computed; times are what the hosts and links described would take"] : []
        lines += [
            "\(facts.rankCount) ranks, layers \(facts.partition.map(String.init).joined(separator: "+")), "
                + "\(facts.threadCount) threads a rank, \(facts.instructionSet), medians of \(decode.count)",
            benchmark.sequences == 1 ? "one sequence" : "\(benchmark.sequences) sequences, rates summed",
            "prefill   \(spread(prefill, explanation?.prediction.prefillTokensPerSecond))",
            "decode    \(spread(decode, explanation?.prediction.decodeTokensPerSecond))",
            "TTFT      \(benchmark.timeToFirstToken.milliseconds()) ms",
            "ITL       p50 \(milliseconds(50))  p95 \(milliseconds(95))  p99 \(milliseconds(99)) ms",
            "multiply  \((benchmark.prefillOperationRate(facts) * 1e-9).decimal(0)) GOPS a core in prefill, "
                + "\((benchmark.prefillOperationRate(facts) / benchmark.operationPeak(facts)).percent()) of the "
                + "\((benchmark.operationPeak(facts) * 1e-9).decimal(0)) that its multipliers can do on registers",
            "memory    \((benchmark.weightBandwidth * 1e-9).decimal(1)) GB/s of weights, "
                + "\((benchmark.cacheBandwidth * 1e-9).decimal(1)) of keys and values while decoding, "
                + "\(benchmark.readBandwidthShare.percent()) of the "
                + "\((benchmark.readBandwidth * 1e-9).decimal(1)) GB/s that these threads read",
        ]
        lines += loading ?? []
        lines += [
            "", "stage  host              compute     wait     send  (seconds of the decode phase)",
        ]
        if let beside = benchmark.besidePrompts {
            let times = [50, 95, 99].map { beside.percentile($0).milliseconds(2) }
            let factor = beside.percentile(95) / benchmark.interTokenSeconds(percentile: 95)
            lines.insert(
                "  beside prompts  p50 \(times[0])  p95 \(times[1])  p99 \(times[2]) ms, "
                    + "\(factor.decimal(1)) times the p95 without", at: facts.isEmulated ? 7 : 6)
        }
        for (rank, times) in benchmark.stages.enumerated() {
            lines.append(
                "\(rank)".padded(to: 7) + facts.hosts[rank].padded(to: 14)
                    + [times.compute, times.wait, times.send].map { $0.decimal(3).padded(left: 9) }.joined())
        }
        lines.append("")
        if let explanation {
            lines.append("limited by " + explanation.bottleneck(facts))
            lines.append(explanation.cause ?? "prefill and decode took what was foreseen, to 15 %")
        }
        text = lines.map { $0 + "\n" }.joined()
    }
}
