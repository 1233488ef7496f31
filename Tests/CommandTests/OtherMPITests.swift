import ReportSchemas
import TestSupport
import Testing

/// The program under the launcher of MPICH, whose library it then opens: the same program, and the same bits.
@Suite(.enabled("needs MPICH (scripts/setup --tests)") { await Launcher.hasHydra })
struct OtherMPITests {
    private static let model = TestFiles.fixture("llama2/llama2-f32.gguf")

    private func generate(
        _ arguments: [String], model: String = model, environment: [String: String] = [:]
    ) async throws -> CommandResult {
        try await Launcher.hydra(
            ranks: 2, Stagecoach.path, ["generate", "--model", model, "--json"] + arguments, environment: environment)
    }

    @Test func theAnswerIsTheSameUnderEachMPI() async throws {
        let model = TestFiles.smolLM2 ?? Self.model
        let arguments = ["--prompt", "Why is the sky blue?", "--max-tokens", "8", "--threads", "1"]
        let result = try await generate(arguments, model: model)
        #expect(result.succeeded && result.output.count { $0 == "\n" } == 1, "\(result)")
        let answer = try result.generation()
        let other = try await Stagecoach.generate(arguments, model: model, ranks: 2)
        #expect(answer.ranks == 2 && answer.ids == other.ids && answer.logitsHash == other.logitsHash)
    }

    @Test func aFailureIsOneSentenceWithItsStatus() async throws {
        let result = try await generate(["--prompt", "x"], model: TestFiles.absent("m.gguf"))
        #expect(result.exitStatus == 65 && result.output.isEmpty, "\(result)")
        #expect(result.errors.split(separator: "\n").count { $0.contains("m.gguf") } == 1, "\(result)")
    }

    /// A copy of the run on each rank would answer twice.
    @Test func aLibraryThatKnowsNothingOfTheLauncherIsRefused() async throws {
        let result = try await generate(["--prompt", "x"], environment: ["STAGECOACH_MPI": "openmpi"])
        #expect(result.exitStatus == 70 && result.output.isEmpty, "\(result)")
        #expect(
            result.errors.contains("found 1 of 2 ranks: the mpiexec of MPICH or Intel MPI started them"), "\(result)")
        #expect(result.errors.count { $0 == "\n" } == 1, "\(result)")
    }

    @Test func launchTakesTheLauncherThatIsNamed() async throws {
        let words = ["--np", "2", "--program", Stagecoach.path, "--model", Self.model, "--", "generate", "--json"]
        let tail = ["--prompt", "Once", "--raw", "--max-tokens", "4"]
        let result = try await Launcher.run(Stagecoach.path, ["launch", "--mpi", "mpich"] + words + tail)
        #expect(result.succeeded && result.errors.contains("mpiexec.hydra -n 2 -bind-to none "), "\(result)")
        #expect(try result.generation().ranks == 2)
    }
}
