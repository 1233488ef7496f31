import Foundation
import Glibc
import ReportSchemas
import TestSupport
import Testing

@Suite("--trace")
struct TraceTests {
    static func withFile<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let path = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }

    @Test("Events add up to the times that bench prints", arguments: [nil, 3])
    func bench(ranks: Int?) async throws {
        try await Self.withFile { path in
            let run = try await Stagecoach.run(
                [
                    "bench", "--model", TinyReference.modelPath, "--prompt-tokens", "40", "--generate-tokens", "12",
                    "--repetitions", "2", "--sequences", "3", "--threads", "1", "--json", "--trace", path,
                ], ranks: ranks)
            #expect(run.succeeded, "\(run)")
            #expect(run.errors.contains("events, in \(path)"))
            let bench = try run.report(BenchReport.self).results[0]
            let trace = try JSONDecoder.read(TraceReport.self, from: path)
            #expect(trace.metadata.ranks == ranks ?? 1 && trace.metadata.complete && !trace.metadata.emulated)
            #expect(trace.metadata.clocks.map(\.rank) == Array(0..<(ranks ?? 1)))
            let phase = try #require(bench.stagesTracePhase)
            for stage in bench.stages {
                let busy = trace.traceEvents.filter {
                    $0.ph == "X" && $0.pid == stage.rank && $0.args?.phase == phase
                        && !["wait", "send"].contains($0.name)
                }
                let seconds = busy.reduce(0) { $0 + $1.dur! } * 1e-6
                #expect(abs(seconds - stage.computeSeconds) <= 0.01 * stage.computeSeconds)
            }
            let names = Set(trace.traceEvents.filter { $0.ph == "X" && $0.pid == 0 }.map(\.name))
            #expect(names.isSuperset(of: ["embed", "compute", "send", "head", "sample"]))
            let processes = trace.traceEvents.filter { $0.name == "process_name" }.compactMap { $0.args?.name }
            #expect(processes.count == ranks ?? 1 && processes[0].hasPrefix("rank 0 on "))
        }
    }

    @Test("A run that is ended leaves rank 0's part")
    func ended() async throws {
        let model = try LongModel()
        try await Self.withFile { path in
            let run = try await Launcher.run(Stagecoach.path, model.endless(timeout: 60) + ["--trace", path]) {
                command in
                while command.output.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
                kill(command.process, SIGTERM)
            }
            #expect(run.end == .signaled(Int(SIGTERM)), "\(run)")
            let trace = try JSONDecoder.read(TraceReport.self, from: path)
            #expect(!trace.metadata.complete)
            #expect(trace.traceEvents.contains { $0.name == "compute" })
        }
    }

    @Test("A file that cannot be written is refused before the model is loaded")
    func refused() async throws {
        let run = try await Stagecoach.run(
            ["score", "--model", TinyReference.modelPath, "--ids", "1,2", "--trace", TestFiles.absent("trace.json")],
            ranks: 2)
        #expect(run.exitStatus == 65 && run.errors.contains("cannot write \(TestFiles.absent("trace.json"))"), "\(run)")
    }
}
