import Foundation
import ReportSchemas
import TestSupport
import Testing

@Suite("--emulate")
struct EmulationTests {
    /// A shape of four layers whose weights are a hole.
    private static func withShape(_ body: (String) async throws -> Void) async throws {
        try await TraceTests.withFile { path in
            let made = try await Stagecoach.run([
                "synth", "--out", path, "--hollow", "--layers", "4", "--hidden", "64", "--ffn", "128", "--heads", "4",
                "--vocab-size", "100",
            ])
            #expect(made.succeeded, "\(made)")
            try await body(path)
        }
    }

    /// 5 ms for a layer and row, and next to nothing for everything else.
    private static let figures = "read=1e9,gigaops=0.02,float-gigaops=1e9,delay=10,gbit=1000"

    @Test("Four ranks overlap as a pipeline does, and say that they are emulated")
    func bench() async throws {
        try await Self.withShape { shape in
            try await TraceTests.withFile { path in
                let run = try await Stagecoach.run(
                    [
                        "bench", "--model", shape, "--emulate", Self.figures, "--emulate-speed", "10",
                        "--prompt-tokens",
                        "64", "--prefill-chunk", "8", "--generate-tokens", "3", "--repetitions", "1", "--json",
                        "--partition", "1,1,1,1", "--trace", path,
                    ], ranks: 4)
                #expect(run.succeeded, "\(run)")
                let report = try run.report(BenchReport.self)
                let result = report.results[0]
                #expect(report.emulated == true && result.ranks == 4)
                #expect(result.stages.map(\.host) == ["host1", "host2", "host3", "host4"])
                let times = result.stages.map(\.computeSeconds)
                #expect(times.min()! > 0.7 * times.max()!)
                let trace = try JSONDecoder.read(TraceReport.self, from: path)
                #expect(trace.metadata.emulated && trace.metadata.complete)
            }
        }
    }

    /// Of a shape whose weights are a hole, for its prompts and tokens.
    private static func bench(
        _ shape: String, _ emulated: String, ranks: Int, _ flags: [String]
    ) async throws -> [BenchResult] {
        let run = try await Stagecoach.run(
            [
                "bench", "--model", shape, "--emulate", emulated, "--emulate-speed", "100", "--repetitions", "1",
                "--prompt-tokens", "256", "--generate-tokens", "8", "--json",
            ] + flags, ranks: ranks)
        #expect(run.succeeded, "\(run)")
        return try run.report(BenchReport.self).results
    }

    /// 32 layers of Llama 2 7B's size.
    private static func withSevenBillion(_ body: (String) async throws -> Void) async throws {
        try await TraceTests.withFile { path in
            let made = try await Stagecoach.run([
                "synth", "--out", path, "--hollow", "--type", "Q4_0", "--layers", "32", "--hidden", "4096", "--ffn",
                "11008", "--heads", "32", "--vocab-size", "32000",
            ])
            #expect(made.succeeded, "\(made)")
            try await body(path)
        }
    }

    @Test(
        "What is predicted and what is emulated agree", arguments: [2, 8], ["gbit=1,delay=50", "gbit=10,delay=200"])
    func prediction(ranks: Int, link: String) async throws {
        try await Self.withSevenBillion { shape in
            let results = try await Self.bench(
                shape, "cores=8,read=40,gigaops=1000," + link, ranks: ranks, ["--sequences", "1,16,64"])
            for result in results {
                #expect(result.measured.isNear(try #require(result.predicted), within: 0.05), "\(result)")
            }
        }
    }

    @Test("A slow host is named, and planned layers gain over equal ones what was predicted")
    func slowHost() async throws {
        let cluster = TestFiles.packageRoot.appendingPathComponent("hostfiles/slow-host.json").path
        try await Self.withSevenBillion { shape in
            let flags = ["--sequences", "16"]
            let planned = try #require(try await Self.bench(shape, cluster, ranks: 4, flags).first)
            let equal = try #require(
                try await Self.bench(shape, cluster, ranks: 4, flags + ["--partition", "8,8,8,8"]).first)
            #expect(planned.partition[2] == planned.partition.min()!)
            let limits = try #require(equal.bottleneck).split(separator: ";")
            #expect(limits.allSatisfy { $0.contains("rank 2 on node3") }, "\(limits)")
            let predicted = (planned: try #require(planned.predicted), equal: try #require(equal.predicted))
            let gains = [\TokenRates.prefillTokensPerSecond, \TokenRates.decodeTokensPerSecond].map { rate in
                (
                    predicted: predicted.planned[keyPath: rate] / predicted.equal[keyPath: rate],
                    measured: planned.measured[keyPath: rate] / equal.measured[keyPath: rate]
                )
            }
            for gain in gains {
                #expect(gain.predicted > 1.5 && abs(gain.measured / gain.predicted - 1) < 0.15, "\(gains)")
            }
        }
    }

    @Test("generate says it too, in text and in JSON")
    func generate() async throws {
        try await Self.withShape { shape in
            let flags = [
                "generate", "--model", shape, "--emulate", Self.figures, "--emulate-speed", "100", "--prompt-ids",
                "1,2,3",
                "--max-tokens", "4",
            ]
            let text = try await Stagecoach.run(flags, ranks: 2)
            #expect(text.succeeded && text.errors.contains("EMULATED"), "\(text)")
            let json = try await Stagecoach.run(flags + ["--json"])
            #expect(json.succeeded && json.output.contains(#""emulated":true"#), "\(json)")
        }
    }

    @Test("What cannot be emulated is refused")
    func refused() async throws {
        try await Self.withShape { shape in
            let bench = ["bench", "--model", shape, "--prompt-tokens", "8", "--generate-tokens", "2", "--emulate"]
            for (flags, status) in [
                (bench + ["read=20"], 65), (bench + ["speed=1"], 65), (bench + [TestFiles.absent("x.json")], 65),
                (bench + ["read=20,gigaops=400", "--emulate-speed", "0"], 64),
                // The weights alone do not fit.
                (bench + ["read=20,gigaops=400,memory=0.00001"], 64),
                (["score", "--model", shape, "--ids", "1,2", "--emulate", "read=20,gigaops=400"], 64),
            ] {
                let run = try await Stagecoach.run(flags)
                #expect(run.exitStatus == status, "\(run)")
            }
        }
    }
}

extension BenchResult {
    fileprivate var measured: TokenRates {
        TokenRates(prefillTokensPerSecond: prefillTokensPerSecond, decodeTokensPerSecond: decodeTokensPerSecond)
    }
}

extension TokenRates {
    /// Whether prefill and decode are within a share of the other's.
    fileprivate func isNear(_ other: TokenRates, within share: Double) -> Bool {
        abs(prefillTokensPerSecond / other.prefillTokensPerSecond - 1) < share
            && abs(decodeTokensPerSecond / other.decodeTokensPerSecond - 1) < share
    }
}
