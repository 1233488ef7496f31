import Glibc
import TestSupport
import Testing

/// The launcher that every test of a program stands on.
struct LauncherTests {
    @Test func outputInputAndStatusComeBack() async throws {
        let result = try await Launcher.run(
            "sh", ["-c", "cat; echo $WORD >&2; exit 3"],
            environment: ["WORD": "hello"], input: Array("given".utf8))
        #expect(result.output == "given")
        #expect(result.errors == "hello\n")
        #expect(result.exitStatus == 3, "\(result)")
    }

    @Test func inputThatNobodyReadsIsNoError() async throws {
        let result = try await Launcher.run("true", input: [UInt8](repeating: 65, count: 1 << 20))
        #expect(result.succeeded, "\(result)")
    }

    @Test func aHangEndsAtTheDeadlineWithItsChildren() async throws {
        // A busy machine may take longer to start the shell: then the deadline comes later.
        var result: CommandResult
        var deadline = Duration.milliseconds(300)
        repeat {
            result = try await Launcher.run(
                "sh", ["-c", "trap '' TERM; echo before; sleep 1000 & wait; sleep 1000"], timeout: deadline)
            #expect(result.end == .timedOut)
            #expect(result.duration < .seconds(900), "it ended by itself")
            deadline *= 5
        } while result.output.isEmpty && deadline < Launcher.patience
        #expect(result.output == "before\n")
    }

    @Test func aTestCanWatchAndInterrupt() async throws {
        let result = try await Launcher.run("sh", ["-c", "echo ready; exec sleep 1000"]) { running in
            try await running.wait(forOutput: "ready")
            running.send(SIGINT)
        }
        #expect(result.end == .signaled(Int(SIGINT)), "\(result)")
    }

    @Test func waitingForWordsThatNeverComeFails() async throws {
        await #expect(throws: RunningCommand.EndedEarly.self) {
            try await Launcher.run("echo", ["other"]) { try await $0.wait(forOutput: "ready") }
        }
    }

    @Test func mpirunStartsRanksAndLeavesNone() async throws {
        let result = try await Launcher.mpirun(
            ranks: 3, "sh", ["-c", "echo rank $OMPI_COMM_WORLD_RANK; sleep 1000"]
        ) { running in
            for rank in 0..<3 { try await running.wait(forOutput: "rank \(rank)") }
            #expect(running.family.count >= 4)
            running.send(SIGTERM)
        }
        #expect(result.end != .timedOut, "\(result)")
    }
}
