import ReportSchemas
import TestSupport
import Testing

@Suite("bench")
struct BenchTests {
    private static let arguments = [
        "bench", "--model", TinyReference.modelPath, "--prompt-tokens", "40", "--generate-tokens", "12",
        "--repetitions", "3", "--threads", "1",
    ]

    @Test("The report's figures fit together", arguments: [nil, 3])
    func report(ranks: Int?) async throws {
        let run = try await Stagecoach.run(Self.arguments + ["--json"], ranks: ranks)
        #expect(run.succeeded, "\(run)")
        #expect(run.output.filter { $0 == "\n" }.count == 1)
        let report = try run.report(BenchReport.self)
        #expect(report.machine.readGigabytesPerSecond > 0.1)
        #expect(report.machine.barrierSeconds >= 0 && report.machine.barrierSeconds < 1)
        let result = try #require(report.results.first)
        #expect(report.results.count == 1 && result.ranks == ranks ?? 1 && result.sequences == 1)
        // Of an odd number of repetitions, the one with the median rate has the median time, whatever the load.
        #expect(abs(result.prefillTokensPerSecond * result.ttftSeconds / 40 - 1) < 1e-9)
        #expect(result.itlSeconds.p50 <= result.itlSeconds.p95 && result.itlSeconds.p95 <= result.itlSeconds.p99)
        #expect(result.itlSecondsBesidePrompts == nil)
        let cacheRate = try #require(result.cacheGigabytesPerSecond)
        let bytes = result.weightGigabytesPerSecond + cacheRate
        let share = bytes / report.machine.readGigabytesPerSecond
        // Prompt and half of what follows, 3 layers with 4 heads of 16 keys and values in F16.
        let cached = result.decodeTokensPerSecond * 46 * 3 * 2 * 4 * 16 * 2 * 1e-9
        #expect(abs(cacheRate / cached - 1) < 1e-6)
        #expect(abs(share - result.readBandwidthShare) < 1e-6 * share)
        let peak = result.prefillGigaopsPerSecondPerCore / result.arithmeticPeakShare
        let peaks = [report.machine.integerGigaopsPerSecondPerCore, report.machine.floatGigaopsPerSecondPerCore]
        #expect(peak > peaks.min()! * (1 - 1e-9) && peak < peaks.max()! * (1 + 1e-9))
        #expect(result.stages.map(\.rank) == Array(0..<(ranks ?? 1)))
        #expect(result.stages.map(\.layers).flatMap { $0 }.last == 3)
        #expect(result.stages.allSatisfy { $0.computeSeconds > 0 })
        let predicted = try #require(result.predicted)
        #expect(predicted.prefillTokensPerSecond > 0 && predicted.decodeTokensPerSecond > 0)
        #expect(result.bottleneck?.isEmpty == false)
    }

    @Test("Tokens are timed beside prompts that keep coming", arguments: [nil, 2])
    func besidePrompts(ranks: Int?) async throws {
        let run = try await Stagecoach.run(
            Self.arguments + ["--json", "--sequences", "1,3", "--beside-prompts", "100", "--prefill-chunk", "16"],
            ranks: ranks)
        #expect(run.succeeded, "\(run)")
        let report = try run.report(BenchReport.self)
        #expect(report.results.map(\.sequences) == [1, 3])
        for result in report.results {
            let beside = try #require(result.itlSecondsBesidePrompts)
            #expect(0 < beside.p50 && beside.p50 <= beside.p95 && beside.p95 <= beside.p99)
        }
        let table = try await Stagecoach.run(Self.arguments + ["--beside-prompts", "100"], ranks: ranks)
        #expect(table.succeeded && table.output.contains("beside prompts"), "\(table)")
    }

    @Test("The table says what limits the run")
    func table() async throws {
        let run = try await Stagecoach.run(Self.arguments)
        #expect(run.succeeded, "\(run)")
        for word in ["prefill", "decode", "TTFT", "ITL", "GOPS", "GB/s", "predicted", "limited by"] {
            #expect(run.output.contains(word))
        }
    }

    @Test("Work that does not fit is refused")
    func refused() async throws {
        for flags in [
            ["--prompt-tokens", "600"], ["--generate-tokens", "1"], ["--sequences", "0"], ["--beside-prompts", "0"],
            ["--beside-prompts", "600"],
        ] {
            let run = try await Stagecoach.run(Self.arguments + flags)
            #expect(run.exitStatus == 64, "\(run)")
        }
    }
}
