import Foundation
import TestSupport
import Testing

/// Whether this machine can have a Slurm of its own. False only where the script itself says that it cannot.
private enum SlurmCluster {
    static var isPossible: Bool {
        get async { await attempt.value }
    }

    private static let attempt = Task {
        let result = try? await Launcher.run(script("slurm/local-cluster"), ["--", "true"])
        return result?.exitStatus != 77
    }
}

/// The examples for Slurm, on a real one of one node.
@Suite(.enabled("needs root, slurm-wlm and munge (scripts/setup --slurm)") { await SlurmCluster.isPossible })
struct SlurmTests {
    private static let model = TestFiles.fixture("llama2/llama2-f32.gguf")
    private static let program = Launcher.product("stagecoach")

    private static func generate(_ kind: String, log: String) -> [String] {
        [
            "sbatch", "--wait", "--quiet", "--nodes=1", "--ntasks-per-node=2", "--cpus-per-task=1", "--output=\(log)",
            script("slurm/\(kind).sbatch"), "generate", "--json", "--model", model, "--raw", "--max-tokens", "8",
            "--prompt", "Once upon a time",
        ]
    }

    /// Runs `command` on a cluster of its own. Slurm gives up a step that a busy machine is slow to start, which says
    /// nothing of the program: then again.
    private static func run(_ command: [String], mpi: String? = nil) async throws -> CommandResult {
        for _ in 0..<4 {
            let result = try await Launcher.run(
                script("slurm/local-cluster"), ["--cpus", "2", "--"] + command,
                environment: ["STAGECOACH_PROGRAM": Self.program, "STAGECOACH_MPI": mpi])
            if !result.errors.contains("aborted before step completely launched") { return result }
        }
        throw POSIXError(.ETIMEDOUT)
    }

    /// - Parameter mpi: nil: Open MPI.
    @Test(arguments: [("srun", nil), ("mpirun", nil), ("srun", "mpich"), ("mpirun", "mpich")])
    func twoTasksAreTwoRanks(_ kind: String, _ mpi: String?) async throws {
        if mpi != nil { try #require(await Launcher.hasHydra, "needs MPICH (scripts/setup --tests)") }
        let sandbox = try Sandbox()
        let log = "\(sandbox.path)/log"
        let result = try await Self.run(Self.generate(kind, log: log), mpi: mpi)
        let said = try String(contentsOfFile: log, encoding: .utf8)
        #expect(result.succeeded, "\(result) \(said)")
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(said.utf8)) as? [String: Any])
        let alone = try await Launcher.run(
            Self.program, Self.generate(kind, log: log).drop { $0 != "generate" }.map { $0 })
        let expected = try JSONSerialization.jsonObject(with: Data(alone.standardOutput)) as? [String: Any]
        #expect(answer["ranks"] as? Int == 2 && answer["threads"] as? Int == 1)
        #expect(answer["logits_hash"] as? String == expected?["logits_hash"] as? String)
    }

    /// srun is told of all that goes wrong by the highest status, so a rank that it ends must not raise it.
    @Test(arguments: [
        (["generate", "--model", "x", "--prompt", "x", "--nonsense"], 64),
        (["generate", "--prompt", "x", "--model", TestFiles.absent("nowhere")], 65),
    ])
    func theStatusIsTheProgramsOwn(_ arguments: [String], _ status: Int) async throws {
        let result = try await Self.run(
            ["srun", "--mpi=pmix", "--kill-on-bad-exit=1", "-n", "2", Self.program] + arguments)
        #expect(result.exitStatus == status, "\(result)")
        #expect(result.errors.split(separator: "\n").count { $0.contains("nonsense") || $0.contains("nowhere") } == 1)
    }

    @Test func tasksThatCannotFindEachOtherAreRefused() async throws {
        let result = try await Self.run(
            ["srun", "--mpi=none", "-n", "2", Self.program, "generate", "--prompt", "x", "--model", Self.model])
        #expect(result.exitStatus == 64 && result.errors.contains("--mpi=pmix"), "\(result)")
        #expect(result.errors.contains("--mpi=pmi2"), "\(result)")
    }

    @Test func nothingIsLeftBehind() async throws {
        let result = try await Launcher.run(
            script("slurm/local-cluster"), ["--", "sh", "-c", "echo $SLURM_CONF; srun sleep 1000 & sleep 1; exit 3"])
        #expect(result.exitStatus == 3, "\(result)")
        let configuration = result.output.trimmingCharacters(in: .newlines)
        #expect(!configuration.isEmpty && !FileManager.default.fileExists(atPath: configuration))
        let left = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { process in
            let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ") ?? Data()
            return environment.split(separator: 0).contains { $0.elementsEqual("SLURM_CONF=\(configuration)".utf8) }
        }
        #expect(left.isEmpty)
    }
}
