import Foundation
import ReportSchemas
import TestSupport
import Testing

@Suite("plan")
struct PlanTests {
    private static let model = TestFiles.fixture("llama2/llama2-f32.gguf")
    private static let example = TestFiles.packageRoot.appendingPathComponent("hostfiles/example-cluster.json").path

    private static func plan(_ arguments: [String], ranks: Int? = nil) async throws -> PlanReport {
        let run = try await Stagecoach.run(["plan", "--json"] + arguments, ranks: ranks)
        #expect(run.succeeded, "\(run)")
        #expect(run.output.filter { $0 == "\n" }.count == 1)
        return try run.report()
    }

    @Test("A plan from files alone says what goes where, and how fast")
    func dry() async throws {
        let report = try await Self.plan([
            "--shape", "llama-2-7b", "--cluster", Self.example, "--sequences", "1,8", "--context", "1024",
        ])
        #expect(report.hosts.map(\.host) == ["node1", "node2", "node3"])
        #expect(report.partition.reduce(0, +) == 32 && report.partition[2] < report.partition[1])
        #expect(report.hosts.map { $0.layers[1] - $0.layers[0] } == report.partition)
        // Keys and values: two, of 4096 elements of two bytes, for 8 sequences and a block of 64 positions more.
        #expect(report.hosts.map(\.kvBytes) == report.partition.map { $0 * 2 * 4096 * 2 * (8 * 1024 + 64) })
        #expect(report.predicted.map(\.sequences) == [1, 8])
        for predicted in report.predicted {
            #expect(predicted.decodeTokensPerSecond > 0 && predicted.ttftSeconds > 0)
        }
        #expect(!report.bottleneck.isEmpty)
    }

    @Test("Ranks that run are measured", arguments: [nil, 2, 3])
    func measured(ranks: Int?) async throws {
        let report = try await Self.plan(
            ["--model", Self.model, "--prompt-tokens", "64", "--generate-tokens", "8", "--threads", "1"], ranks: ranks)
        #expect(report.partition.count == ranks ?? 1 && report.partition.reduce(0, +) == 3)
        #expect(report.hosts.allSatisfy { $0.weightBytes > 0 })
        #expect(report.predicted[0].prefillTokensPerSecond > 0)
    }

    @Test("What was measured can be planned with")
    func saved() async throws {
        let file = NSTemporaryDirectory() + "stagecoach-plan-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let work = ["--model", Self.model, "--prompt-tokens", "64", "--generate-tokens", "8", "--threads", "1"]
        let run = try await Stagecoach.run(["plan", "--save", file] + work, ranks: 2)
        #expect(run.succeeded && run.output.contains("limited by"), "\(run)")
        let report = try await Self.plan(["--cluster", file] + work)
        #expect(report.hosts.count == 2 && report.partition.reduce(0, +) == 3)
    }

    @Test("What does not fit is refused, with what would")
    func refused() async throws {
        let run = try await Stagecoach.run([
            "plan", "--shape", "llama-2-7b", "--cluster", Self.example, "--sequences", "64", "--context", "4096",
        ])
        #expect(run.exitStatus == 64 && run.output.isEmpty, "\(run)")
        for words in ["does not fit", "--sequences ", "--context ", "more hosts of 16.0 GiB"] {
            #expect(run.errors.contains(words), "\(run)")
        }
        let large = try await Stagecoach.run(["plan", "--shape", "llama-3.1-405b", "--cluster", Self.example])
        #expect(large.exitStatus == 65 && large.errors.contains("more hosts"), "\(large)")
    }

    @Test("Many requests on many ranks are simulated")
    func simulated() async throws {
        let run = try await Stagecoach.run([
            "plan", "--json", "--simulate", "--shape", "1000,4096,11008,32,8", "--ranks", "1000", "--cluster",
            Self.example, "--sequences", "16", "--requests", "40", "--arrival-rate", "3", "--prompt-tokens", "10..60",
            "--generate-tokens", "3..9", "--context", "256",
        ])
        #expect(run.succeeded, "\(run)")
        let report = try run.report(SimulationReport.self)
        #expect(report.ranks == 1000 && report.requests == 40 && report.seconds > 0)
        #expect(report.ttftSeconds.p50 <= report.ttftSeconds.p95 && report.ttftSeconds.p95 <= report.ttftSeconds.p99)
        #expect((0...1).contains(report.bubbleFraction))
    }

    @Test(
        "Wrong flags and files are refused",
        arguments: [
            (["--shape", "unknown"], 64), (["--shape", "1,2,3"], 64), ([], 64),
            (["--shape", "llama-2-7b", "--ranks", "0"], 64),
            (["--shape", "llama-2-7b", "--ranks", "33", "--cluster", example], 64),
            (["--shape", "llama-2-7b", "--cluster", TestFiles.absent("x.json")], 65),
            (["--shape", "llama-2-7b", "--cluster", model], 65),
            (["--shape", "llama-2-7b", "--hostfile", TestFiles.absent("x")], 65),
            (["--shape", "llama-2-7b", "--cluster", example, "--partition", "1,2,3"], 64),
            (["--shape", "llama-2-7b", "--cluster", example, "--context", "100"], 64),
            (["--model", TestFiles.absent("x.gguf"), "--ranks", "2"], 65),
            (["--shape", "llama-2-7b", "--requests", "3"], 64),
        ])
    func wrong(flags: [String], status: Int) async throws {
        let run = try await Stagecoach.run(["plan"] + flags)
        #expect(run.exitStatus == status, "\(run)")
        #expect(run.output.isEmpty)
    }

    private static let unwritable = TestFiles.absent("plan.json")

    /// This machine cannot be measured with kernels that do not exist, which is found out by trying.
    @Test(
        "What is wrong with flags and files is told before anything is measured",
        arguments: [
            (["--partition", "1,2,3"], 2, 64, "--partition 1,2,3 is for 3 ranks"),
            (["--partition", "1,2,3"], nil, 64, "--partition 1,2,3 is for 3 ranks"),
            (["--context", "1000000"], 2, 64, "is more than the model's"),
            (["--context", "64"], nil, 64, "do not fit the context of 64"),
            (["--save", unwritable], 2, 65, "cannot write \(unwritable)"),
        ] as [([String], Int?, Int, String)])
    func refusedEarly(flags: [String], ranks: Int?, status: Int, message: String) async throws {
        let hosts = ranks == nil ? ["--ranks", "2"] : []
        let run = try await Stagecoach.run(
            ["plan", "--model", Self.model, "--threads", "1", "--prompt-tokens", "64", "--generate-tokens", "8"] + hosts
                + flags, ranks: ranks,
            environment: ["STAGECOACH_ISA": "none"])
        #expect(run.exitStatus == status, "\(run)")
        #expect(run.errors.contains(message), "\(run)")
    }

    @Test("A slow link is named by plan and by bench", .namespaces)
    func slowLink() async throws {
        for command in [["plan"], ["bench", "--repetitions", "1"]] {
            let result = try await NamespaceCluster.run(
                hosts: 2, options: ["--rate", "10"],
                ["stagecoach"] + command + [
                    "--json", "--model", Self.model, "--prompt-tokens", "400", "--generate-tokens", "16", "--threads",
                    "1",
                ])
            #expect(result.succeeded, "\(result)")
            #expect(result.output.contains("link host"), "\(result)")
        }
    }
}
