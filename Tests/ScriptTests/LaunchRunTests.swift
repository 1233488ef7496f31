import Foundation
import Glibc
import TestSupport
import Testing

/// What `scripts/launch` passes on while mpirun runs; the program is a shell script, so that no model is needed.
@Suite struct LaunchRunTests {
    @Test func inputGoesToRankZero() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command("program", #"[ "$OMPI_COMM_WORLD_RANK" != 0 ] || cat"#)
        let result = try await Launcher.run(
            script("launch"), ["--program", program, "--", "x"], input: Array("hé\n".utf8))
        #expect(result.succeeded && result.output == "hé\n", "\(result)")
    }

    /// mpirun has a process group of its own, which may not read from the terminal. `script` makes one.
    @Test func whatIsTypedGoesToRankZero() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command(
            "program", #"[ "$OMPI_COMM_WORLD_RANK" != 0 ] || { read -r line; echo "<$line>"; cat; echo end; }"#)
        let result = try await Launcher.run(
            "script", ["-qec", "'\(script("launch"))' --program '\(program)' -- x", "/dev/null"],
            input: Array("hé\nyou\n".utf8))
        let lines = result.output.split(whereSeparator: \.isNewline)
        #expect(result.succeeded && lines.suffix(3) == ["<hé>", "you", "end"], "\(result)")
        #expect(result.output.contains(" -x STAGECOACH_PROGRESS=1 "), "\(result)")
    }

    /// `timeout` puts what it runs into the background of the terminal.
    @Test func whoIsInTheBackgroundOfATerminalIsNotStopped() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command("program", "echo up; exec sleep 1000")
        let command = "timeout 2 '\(script("launch"))' --program '\(program)' -- x; echo status $?"
        let result = try await Launcher.run("script", ["-qec", command, "/dev/null"])
        #expect(result.succeeded && result.output.contains("status 124"), "\(result)")
    }

    @Test func theExitCodeIsTheProgramsAndItsErrorStandsAlone() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command(
            "program", #"[ "$OMPI_COMM_WORLD_RANK" != 1 ] || { echo "a bad model" >&2; exit 65; }; exec sleep 1000"#)
        let result = try await Launcher.run(script("launch"), ["--program", program, "--", "x"])
        #expect(result.exitStatus == 65, "\(result)")
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 2 && lines.last == "a bad model", "\(result)")
    }

    /// The kernel kills ranks for want of memory, and `mpirun -q` does not say which.
    @Test func aKilledRankIsNamed() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command(
            "program", #"[ "$OMPI_COMM_WORLD_RANK" != 1 ] || kill -KILL $$; exec sleep 20"#)
        let result = try await Launcher.run(script("launch"), ["--program", program, "--", "x"])
        #expect(result.exitStatus == 70, "\(result)")
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 2 && lines.last?.hasPrefix("stagecoach: rank 1 on ") == true, "\(result)")
        #expect(lines.last?.hasSuffix(" was killed by signal 9") == true, "\(result)")
    }

    /// One that wrote to another when that had gone is not what went wrong.
    @Test func whomSIGPIPEEndsIsNotNamed() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command(
            "program", #"[ "$OMPI_COMM_WORLD_RANK" != 1 ] || exit 141; exec sleep 20"#)
        let result = try await Launcher.run(script("launch"), ["--program", program, "--", "x"])
        #expect(result.exitStatus == 70 && result.errors.split(separator: "\n").count == 1, "\(result)")
    }

    /// The shell of a rank waits where a trace is to be written. A prompt that speaks of one asks for none.
    @Test(arguments: [("what does --trace do?", false), ("--trace=f", true)])
    func aTraceInAPromptIsNone(_ word: String, _ isTrace: Bool) async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command("program", "grep SigCgt /proc/$PPID/status")
        let result = try await Launcher.run(
            script("launch"), ["--np", "1", "--program", program, "--", "generate", "--prompt", word])
        let digits = try #require(result.output.split(whereSeparator: \.isWhitespace).last, "\(result)")
        let caught = try #require(UInt64(digits, radix: 16), "\(result)")
        #expect((caught & 1 << UInt64(SIGTERM - 1) != 0) == isTrace)
    }

    /// mpirun carries the answer and the figures apart: what people see must still end with the figures.
    @Test func anAnswerEndsWithItsFigures() async throws {
        let model = TestFiles.fixture("llama2/llama2-f32.gguf")
        let line = "'\(script("launch"))' --model '\(model)' -- generate --raw --prompt Once --max-tokens 9 2>&1"
        let result = try await Launcher.run("sh", ["-c", line])
        let lines = result.output.split(separator: "\n")
        #expect(result.succeeded && lines.last?.hasPrefix("[2 ranks · layers ") == true, "\(result)")
        #expect(lines.first?.hasPrefix("mpirun -q ") == true)
    }

    /// mpirun would end with 0 where its output has no room for what ranks print.
    @Test func whatIsLostIsNoSuccess() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command("program", "echo an answer; exec sleep ${1#x}")
        let line = "'\(script("launch"))' --program '\(program)' --"
        for (seconds, isRedirected) in [("x0", true), ("x1000", true), ("x0", false)] {
            let result = try await Launcher.run(
                "sh", ["-c", "\(line) \(seconds) \(isRedirected ? ">/dev/full" : ">&-")"])
            #expect(result.exitStatus == 70, "\(result)")
            let reason = isRedirected ? "No space left on device" : "Bad file descriptor"
            let lines = result.errors.split(separator: "\n")
            #expect(lines.count == 2 && lines[1] == "launch: cannot write to standard output: \(reason)", "\(result)")
        }
    }

    /// As with `head`: nothing is said, and a shell knows it for what it is.
    @Test func aReaderThatHasGoneEndsIt() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command("program", "exec yes")
        let line = "{ '\(script("launch"))' --program '\(program)' -- x; echo status $? >&2; } | head -n 1"
        let result = try await Launcher.run("sh", ["-c", line])
        #expect(result.output == "y\n" && result.errors.hasSuffix("\nstatus 141\n"), "\(result)")
        #expect(result.errors.split(separator: "\n").count == 2, "\(result)")
    }

    @Test func aProgramThatIsNotThereIsNamed() async throws {
        let result = try await Launcher.run(script("launch"), ["--program", TestFiles.absent("stagecoach"), "--", "x"])
        #expect(
            result.exitStatus == 1 && result.errors.contains("no program at \(TestFiles.absent("stagecoach"))"),
            "\(result)")
    }

    /// `timeout` and terminals signal a whole process group: mpirun must get one signal, or it leaves its ranks behind.
    @Test func aSignalEndsEveryRank() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command("program", #"echo "up $OMPI_COMM_WORLD_RANK"; exec sleep 1000"#)
        let result = try await Launcher.run(script("launch"), ["--program", program, "--", "x"]) {
            try await $0.wait(forOutput: "up 0")
            try await $0.wait(forOutput: "up 1")
            let ranks = $0.family.filter { $0 != getpid() }
            killpg($0.process, SIGTERM)
            $0.send(SIGTERM)
            while !$0.family.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            #expect(ranks.count >= 4)
        }
        #expect(result.end != .timedOut, "\(result)")
    }
}
