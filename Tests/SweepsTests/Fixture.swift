import Foundation
import ReportSchemas
import TestSupport

@testable import Sweeps

/// What `bench` printed for the points of a sweep, in `Tests/Fixtures/sweep`; its predictions are made up.
enum Fixture {
    static let folder = TestFiles.fixture("sweep")

    /// What `bench --json` prints for some sequences on one rank; the figures mean nothing.
    static func bench(sequences: Int) throws -> String {
        let phase = BenchStage.Phase(computeSeconds: 1, waitSeconds: 0, sendSeconds: 0, weightBytes: 1, operations: 2)
        let result = BenchResult(
            ranks: 1, threads: 1, partition: [3], sequences: sequences, prefillTokensPerSecond: 100,
            decodeTokensPerSecond: 10, prefillGigaopsPerSecondPerCore: 200, arithmeticPeakShare: 0.5,
            prefillSpread: [99, 101], decodeSpread: [9, 11], ttftSeconds: 0.2,
            ttftPercentiles: Percentiles { Double($0) / 100 }, itlSeconds: Percentiles { Double($0) / 1000 },
            weightGigabytesPerSecond: 10, readBandwidthShare: 0.5,
            stages: [BenchStage(rank: 0, host: "h", layers: [0, 3], decode: phase, prefill: phase)])
        let machine = BenchReport.Machine(
            host: "h", processor: "p", cores: 2, instructionSet: "avx2", readGigabytesPerSecond: 20,
            barrierSeconds: 1e-6, integerGigaopsPerSecondPerCore: 400, floatGigaopsPerSecondPerCore: 100)
        return try JSONLine.text(BenchReport(version: "0.1.0", model: "m.gguf", machine: machine, results: [result]))
    }
}
