import Engine

/// What `bench` prints for people.
struct BenchTable {
    let text: String

    init(_ benchmark: Benchmark, _ facts: JobFacts) {
        let decode = benchmark.decodeRates
        let prefill = benchmark.prefillRates
        func spread(_ rates: [Double]) -> String {
            "\(rates.percentile(50).decimal(1)) tok/s  (\(rates.min()!.decimal(1))..\(rates.max()!.decimal(1)))"
        }
        func milliseconds(_ percent: Double) -> String {
            (benchmark.interTokenSeconds(percentile: percent) * 1000).decimal(2)
        }
        var lines =
            facts.isEmulated
            ? ["EMULATED: nothing was computed; times are what the hosts and links described would take"] : []
        lines += [
            "\(facts.rankCount) ranks, layers \(facts.partition.map(String.init).joined(separator: "+")), "
                + "\(facts.threadCount) threads a rank, \(facts.instructionSet), medians of \(decode.count)",
            benchmark.sequences == 1 ? "one sequence" : "\(benchmark.sequences) sequences, rates summed",
            "prefill   \(spread(prefill))",
            "decode    \(spread(decode))",
            "TTFT      \((benchmark.timeToFirstToken * 1000).decimal(1)) ms",
            "ITL       p50 \(milliseconds(50))  p95 \(milliseconds(95))  p99 \(milliseconds(99)) ms",
            "multiply  \((benchmark.prefillOperationRate(facts) * 1e-9).decimal(0)) GOPS a core in prefill, "
                + "\((benchmark.prefillOperationRate(facts) / benchmark.operationPeak(facts) * 100).decimal(0)) % of the "
                + "\((benchmark.operationPeak(facts) * 1e-9).decimal(0)) that its multipliers can do on registers",
            "weights   \((benchmark.weightBandwidth * 1e-9).decimal(1)) GB/s while decoding, "
                + "\((benchmark.readBandwidthShare * 100).decimal(0)) % of the "
                + "\((benchmark.readBandwidth * 1e-9).decimal(1)) GB/s that these threads read",
            "", "stage  host              compute     wait     send  (seconds of the decode phase)",
        ]
        for (rank, times) in benchmark.stages.enumerated() {
            lines.append(
                "\(rank)".padded(to: 7) + facts.hosts[rank].padded(to: 14)
                    + [times.compute, times.wait, times.send].map { $0.decimal(3).padded(left: 9) }.joined())
        }
        lines += ["", Self.verdict(benchmark, facts)]
        text = lines.map { $0 + "\n" }.joined()
    }

    /// Names a stage that computes nearly all the time while others wait for it; nil where none does.
    private static func slowStage(_ benchmark: Benchmark, _ facts: JobFacts, elapsed: Double) -> String? {
        let times = benchmark.stages.map(\.compute)
        let rank = times.indices.max { times[$0] < times[$1] }!
        let others = (times.reduce(0, +) - times[rank]) / Double(max(1, times.count - 1))
        guard times.count > 1, times[rank] > 0.8 * elapsed, times[rank] > 1.2 * others else { return nil }
        return "Rank \(rank) on \(facts.hosts[rank]) limits decode: it computes "
            + "\((times[rank] / elapsed * 100).decimal(0)) % of the time, the others "
            + "\((others / elapsed * 100).decimal(0)) %. Fewer layers there would help (--partition), or a faster host."
    }

    /// What limits the run, and what would help.
    private static func verdict(_ benchmark: Benchmark, _ facts: JobFacts) -> String {
        let share = benchmark.readBandwidthShare
        let busy = benchmark.stages.map(\.compute).reduce(0, +)
        let elapsed = benchmark.stages.map { $0.compute + $0.wait + $0.send }.max() ?? 0
        if let slow = slowStage(benchmark, facts, elapsed: elapsed) { return slow }
        if facts.rankCount > 1, elapsed > 0, busy / elapsed < 0.9 {
            return "Messages limit decode: stages compute \((busy / elapsed * 100).decimal(0)) % of the time between "
                + "them. A faster network or fewer ranks would help."
        }
        if share >= 0.8 {
            return "Memory limits decode: weights stream at \((share * 100).decimal(0)) % of the read bandwidth. "
                + "A smaller quantization would help, or faster memory."
        }
        return "Arithmetic and waits between threads limit decode: weights stream at \((share * 100).decimal(0)) % of "
            + "the read bandwidth. More threads may help, or a larger model to share them."
    }
}

extension Double {
    fileprivate func decimal(_ places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { value, _ in value * 10 }
        let scaled = Int((self * scale).rounded())
        guard places > 0 else { return "\(scaled)" }
        let digits = "\(abs(scaled))"
        let filled = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return (scaled < 0 ? "-" : "") + filled.dropLast(places) + "." + filled.suffix(places)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
    fileprivate func padded(left width: Int) -> String { String(repeating: " ", count: max(1, width - count)) + self }
}
