import Foundation
import TestSupport
import Testing

@Suite("--emulate")
struct EmulationTests {
    private struct Bench: Decodable {
        struct Stage: Decodable {
            let host: String
            let computeSeconds: Double
        }
        struct Result: Decodable {
            let ranks: Int
            let prefillTokensPerSecond: Double
            let stages: [Stage]
        }
        let emulated: Bool
        let results: [Result]
    }

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
                let report = try JSONDecoder.snakeCase.decode(Bench.self, from: Data(run.standardOutput))
                let result = report.results[0]
                #expect(report.emulated && result.ranks == 4)
                #expect(result.stages.map(\.host) == ["host1", "host2", "host3", "host4"])
                let times = result.stages.map(\.computeSeconds)
                #expect(times.min()! > 0.7 * times.max()!)
                let trace = try JSONDecoder.read(TraceTests.Trace.self, from: path)
                #expect(trace.metadata.emulated && trace.metadata.complete)
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
                (bench + ["read=20"], 65), (bench + ["speed=1"], 65), (bench + ["/nowhere.json"], 65),
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
