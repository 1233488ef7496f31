import TestSupport
import Testing

/// The same program under the launcher of MPICH, whose library it then opens.
@Suite(.enabled("needs MPICH (scripts/setup --tests)") { await Launcher.hasHydra })
struct HydraTests {
    private func launch(
        _ names: [String], ranks: Int, environment: [String: String] = [:]
    ) async throws -> CommandResult {
        try await Launcher.hydra(
            ranks: ranks, Launcher.product("mpi-cases"), names,
            environment: environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { first, _ in first })
    }

    @Test(arguments: [1, 3])
    func everyCallFamily(ranks: Int) async throws {
        let result = try await launch(MPICaseTests.cases, ranks: ranks)
        #expect(result.succeeded, "\(result)")
        // Hydra may join two ranks' lines.
        let passed = result.output.components(of: " ok").count - 1
        #expect(passed == MPICaseTests.cases.count * ranks, "\(result)")
    }

    @Test func waitingCostsNothing() async throws {
        let result = try await launch(["idle-receive", "idle-barrier", "idle-probe"], ranks: 3)
        #expect(result.succeeded, "\(result)")
    }

    /// Hydra by itself exits as the last rank did, which it killed, and prints a banner on stdout.
    @Test(arguments: ["leave", "leave-together", "leave-finalizing"])
    func aRankThatLeavesEndsTheJobWithItsStatus(_ name: String) async throws {
        let result = try await launch([name], ranks: 4)
        #expect(result.exitStatus == 65 && !result.output.contains("BAD TERMINATION"), "\(result)")
        #expect(result.errors.contains("\(name): leaving\n"), "\(result)")
    }

    @Test func abortEndsTheJobWithItsStatus() async throws {
        let result = try await launch(["abort"], ranks: 4)
        #expect(result.exitStatus == 42 && result.errors == "aborting\n", "\(result)")
    }

    @Test func anUncaughtErrorIsOneLine() async throws {
        let result = try await launch(["uncaught"], ranks: 3)
        #expect(result.exitStatus == 65, "\(result)")
        #expect(
            result.errors == "uncaught: rank 2: MPI_Send with rank 99 failed: Invalid rank has value 99 but must be "
                + "nonnegative and less than 3\n")
    }

    /// Each of the ranks would take itself for alone.
    @Test func theOtherFamilysLibraryIsToldOnce() async throws {
        let result = try await launch(["barrier"], ranks: 3, environment: ["STAGECOACH_MPI": "openmpi"])
        #expect(result.exitStatus != 0 && result.output.isEmpty, "\(result)")
        let sentence =
            "MPI_Init_thread found 1 of 3 ranks: the mpiexec of MPICH or Intel MPI started them, which Open MPI "
        #expect(result.errors.components(of: sentence).count == 2, "\(result)")
        #expect(result.errors.hasSuffix("STAGECOACH_MPI\n") && result.errors.count { $0 == "\n" } == 1, "\(result)")
    }

    @Test func aLibraryThatIsNotThereIsToldOnce() async throws {
        let path = TestFiles.absent("libmpi.so")
        let result = try await launch(["barrier"], ranks: 2, environment: ["STAGECOACH_MPI": path])
        #expect(result.exitStatus != 0 && result.errors.count { $0 == "\n" } == 1, "\(result)")
        #expect(result.errors.contains("needs an MPI library, and \(path) cannot be used: "), "\(result)")
    }
}

extension String {
    /// What stands between the occurrences of `words`.
    fileprivate func components(of words: String) -> [Substring] {
        split(separator: words, omittingEmptySubsequences: false)
    }
}
