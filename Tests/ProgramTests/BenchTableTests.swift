import ReportSchemas
import Testing

@testable import Program

/// The table of a report whose figures are made up.
@Suite struct BenchTableTests {
    private static func report(emulated: Bool? = nil, beside: Percentiles? = nil) -> BenchReport {
        let phase = BenchStage.Phase(
            computeSeconds: 1.25, waitSeconds: 0.5, sendSeconds: 0.0312, weightBytes: 4, operations: 5)
        let result = BenchResult(
            ranks: 2, threads: 1, partition: [2, 1], sequences: 3, prefillTokensPerSecond: 100.04,
            decodeTokensPerSecond: 10, prefillGigaopsPerSecondPerCore: 200, arithmeticPeakShare: 0.5,
            prefillSpread: [99, 101], decodeSpread: [9.5, 11], ttftSeconds: 0.2,
            ttftPercentiles: Percentiles { Double($0) / 100 }, itlSeconds: Percentiles { Double($0) / 1000 },
            itlSecondsBesidePrompts: beside, weightGigabytesPerSecond: 10, cacheGigabytesPerSecond: 2,
            readBandwidthShare: 0.6,
            stages: ["a", "a long name"].enumerated().map {
                BenchStage(rank: $0, host: $1, layers: [$0, $0 + 1], decode: phase, prefill: phase)
            }, predicted: TokenRates(prefillTokensPerSecond: 80.032, decodeTokensPerSecond: 20),
            bottleneck: "memory")
        return BenchReport(
            version: "0", model: "m.gguf", emulated: emulated,
            machine: BenchReport.Machine(
                host: "a", processor: "p", cores: 2, instructionSet: "avx2", readGigabytesPerSecond: 20,
                barrierSeconds: 1e-6, integerGigaopsPerSecondPerCore: 400, floatGigaopsPerSecondPerCore: 100),
            loading: LoadingReport(bytes: 1_500_000_000, seconds: 0.5, gigabytesPerSecond: 3), results: [result])
    }

    @Test func everythingIsSaidOnce() {
        let report = Self.report(beside: Percentiles { Double($0) / 500 })
        #expect(
            BenchTable(report.results[0], of: report, repetitions: 5).text == """
                2 ranks, layers 2+1, 1 threads a rank, avx2, medians of 5
                3 sequences, rates summed
                prefill   100.0 tok/s  (99.0..101.0)  predicted 80.0, measured 125 % of it
                decode    10.0 tok/s  (9.5..11.0)  predicted 20.0, measured 50 % of it
                TTFT      200.0 ms
                ITL       p50 50.00  p95 95.00  p99 99.00 ms
                  beside prompts  p50 100.00  p95 190.00  p99 198.00 ms, 2.0 times the p95 without
                multiply  200 GOPS a core in prefill, 50 % of the 400 that its multipliers can do on registers
                memory    10.0 GB/s of weights, 2.0 of keys and values while decoding, 60 % of the 20.0 GB/s that these \
                threads read
                loading   1.50 GB in 0.50 s, 3.0 GB/s

                stage  host              compute     wait     send  (seconds of the decode phase)
                0      a                 1.250    0.500    0.031
                1      a long name       1.250    0.500    0.031

                limited by memory
                prefill and decode took what was predicted, to 15 %

                """)
    }

    @Test func whatIsEmulatedSaysSoFirst() {
        let report = Self.report(emulated: true)
        let text = BenchTable(report.results[0], of: report, repetitions: 1).text
        #expect(text.hasPrefix("EMULATED: nothing was computed;") && !text.contains("beside prompts"))
    }
}
