import Foundation
import ReportSchemas
import Testing

@Suite struct ReportTests {
    private func text(_ value: some Encodable) throws -> String { try JSONLine.text(value) }

    @Test func keysAreInSnakeCaseAndInOrder() throws {
        let timings = TimingsReport(
            prefillTokens: 3, prefillSeconds: 0.5, decodeTokens: 2, decodeSeconds: 0.25, ttftSeconds: 1)
        let report = GenerationReport(
            promptIDs: [1, 2], ids: [3], text: "a/\"b\"\n", stopReason: "stop", seed: .max, ranks: 2, threads: 1,
            partition: [2, 1], logitsHash: "0f", timings: timings)
        #expect(
            try text(report) == """
                {"ids":[3],"logits_hash":"0f","partition":[2,1],"prompt_ids":[1,2],"ranks":2,\
                "seed":18446744073709551615,"stop_reason":"stop","text":"a/\\"b\\"\\n","threads":1,"timings":\
                {"decode_seconds":0.25,"decode_tokens":2,"prefill_seconds":0.5,"prefill_tokens":3,"ttft_seconds":1}}
                """)
        #expect(
            try text(ScoreReport(ids: [], nll: [], argmax: [], meanNLL: 1, perplexity: 2)).contains("\"mean_nll\":1"))
    }

    /// What a reader makes of a report is what was written.
    @Test func whatIsWrittenIsReadAgain() throws {
        let phase = BenchStage.Phase(
            computeSeconds: 1, waitSeconds: 2, sendSeconds: 3, weightBytes: 4, operations: 5)
        let rates = TokenRates(prefillTokensPerSecond: 100, decodeTokensPerSecond: 10)
        let result = BenchResult(
            ranks: 1, threads: 1, partition: [3], sequences: 1, prefillTokensPerSecond: 100,
            decodeTokensPerSecond: 10, prefillGigaopsPerSecondPerCore: 200, arithmeticPeakShare: 0.5,
            prefillSpread: [99, 101], decodeSpread: [9, 11], ttftSeconds: 0.2,
            ttftPercentiles: Percentiles { Double($0) }, itlSeconds: Percentiles { Double($0) },
            weightGigabytesPerSecond: 10, cacheGigabytesPerSecond: 1, readBandwidthShare: 0.5,
            stages: [BenchStage(rank: 0, host: "h", layers: [0, 3], decode: phase, prefill: phase)], predicted: rates)
        let report = BenchReport(
            version: "0", model: "m.gguf",
            machine: BenchReport.Machine(
                host: "h", processor: "p", cores: 2, instructionSet: "avx2", readGigabytesPerSecond: 20,
                barrierSeconds: 1e-6, integerGigaopsPerSecondPerCore: 400, floatGigaopsPerSecondPerCore: 100),
            results: [result])
        let line = try text(report)
        for key in ["p95", "itl_seconds", "float_gigaops_per_second_per_core", "compute_seconds", "weight_bytes"] {
            #expect(line.contains("\"\(key)\":"))
        }
        #expect(!line.contains("null") && !line.contains("emulated"))
        let again = try JSONDecoder.forReports.decode(BenchReport.self, from: Data(line.utf8))
        #expect(try text(again) == line)
        #expect(again.machine == report.machine && again.results[0].stages[0].decode == phase)
    }
}
