import TestSupport
import Testing

/// How ranks fail: what the user reads, and that the job ends.
struct FailureTests {
    @Test(arguments: [
        ("dropped-request", "dropped while it is under way (MPI_Irecv with rank 0, tag 77)"),
        ("dropped-match", "a message from rank 0, tag 79, was matched and never received"),
        ("taken-early", "taken while it is under way"),
    ])
    func misuseTrapsAndSaysWhy(_ name: String, _ message: String) async throws {
        let result = try await launch([name], ranks: 1)
        #expect(result.exitStatus != 0 && result.end != .timedOut, "\(result)")
        #expect(result.errors.contains(message), "\(result)")
    }

    /// What an error unwinds past must not trap: the error would never be seen.
    @Test(arguments: [
        ("dropped-after-error", "rank 0: MPI_Send with rank 1 failed: MPI_ERR_RANK: invalid rank"),
        ("dropped-after-declared-failure", "a failure of another kind"),
    ])
    func anErrorIsNotHiddenByATrap(_ name: String, _ message: String) async throws {
        let result = try await launch([name], ranks: 1)
        #expect(result.exitStatus == 65, "\(result)")
        #expect(result.errors.contains(message), "\(result)")
    }

    @Test func anUncaughtErrorNamesCallAndRankAndEndsTheJob() async throws {
        let result = try await launch(["uncaught"], ranks: 3)
        #expect(result.exitStatus == 65, "\(result)")
        #expect(result.errors == "uncaught: rank 2: MPI_Send with rank 99 failed: MPI_ERR_RANK: invalid rank\n")
    }

    @Test(arguments: ["leave", "leave-together", "leave-finalizing"])
    func aRankThatLeavesEndsTheJobWithItsStatus(_ name: String) async throws {
        let result = try await launch([name], ranks: 4)
        #expect(result.exitStatus == 65, "\(result)")
        #expect(result.errors.contains("\(name): leaving\n"), "\(result)")
    }

    @Test func abortEndsTheJobWithItsStatus() async throws {
        let result = try await launch(["abort"], ranks: 4)
        #expect(result.exitStatus == 42, "\(result)")
        #expect(result.errors == "aborting\n", "\(result)")
    }

    @Test func withoutALauncherMPIIsNotTouched() async throws {
        let result = try await Launcher.run(Launcher.product("mpi-cases"), ["barrier"])
        #expect(result.exitStatus == 65, "\(result)")
        #expect(result.errors.contains("MPI_Init_thread needs a launcher: start the program with mpirun"), "\(result)")
    }

    @Test func aHangEndsAtTheDeadline() async throws {
        // A busy machine may take longer to start the ranks: then the deadline comes later.
        var result: CommandResult
        var deadline = Duration.seconds(2)
        repeat {
            result = try await launch(["hang"], ranks: 3, timeout: deadline)
            #expect(result.end == .timedOut, "\(result)")
            deadline *= 3
        } while !result.errors.contains("hanging") && deadline < Launcher.patience
        #expect(result.errors.contains("hanging"), "\(result)")
    }
}
