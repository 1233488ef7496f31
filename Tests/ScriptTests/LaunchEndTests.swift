import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// How `scripts/launch` ends, and what it says then; a shell script stands for mpirun where nothing of it is needed.
@Suite struct LaunchEndTests {
    /// - Parameters:
    ///   - mpirun: What stands for it; nil: the one that is installed.
    ///   - agent: What stands for ssh to another machine; nil: there is none.
    private func launch(
        mpirun: String?, _ words: [String] = ["--program", "/bin/true", "--", "x"], through shell: String? = nil,
        agent: String? = nil,
        during: (@Sendable (RunningCommand) async throws -> Void)? = nil
    ) async throws -> CommandResult {
        let sandbox = try Sandbox()
        var environment: [String: String?] = [:]
        var words = words
        if let agent {
            environment["STAGECOACH_SSH"] = try sandbox.command("agent", agent)
            words = ["--hostfile", try sandbox.file("hosts", "node2.invalid\n")] + words
        }
        if let mpirun {
            _ = try sandbox.command("mpirun", mpirun)
            environment["PATH"] = "\(sandbox.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
        }
        guard let shell else {
            return try await Launcher.run(script("launch"), words, environment: environment, during: during)
        }
        return try await Launcher.run(
            "sh", ["-c", shell, script("launch")] + words, environment: environment, during: during)
    }

    private func said(_ result: CommandResult) -> [String] {
        result.errors.split(separator: "\n").filter { !$0.hasPrefix("mpirun -q ") }.map(String.init)
    }

    /// Nothing else is told of a SIGKILL.
    @Test func aKilledLaunchLeavesNothing() async throws {
        let sandbox = try Sandbox()
        let mpirun = "trap ': >\(sandbox.path)/told; exit' TERM; echo up; while :; do sleep 0.05; done"
        let result = try await launch(mpirun: mpirun) {
            try await $0.wait(forOutput: "up")
            $0.send(SIGKILL)
            while !$0.family.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        }
        #expect(result.end == .signaled(9) && sandbox.exists("told"), "\(result)")
    }

    /// Only then does a shell's loop end.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func itDiesOfTheSignalThatEndedIt(_ signal: Int32) async throws {
        let mpirun = "trap 'exit 1' INT TERM HUP; echo up; while :; do sleep 0.05; done"
        let result = try await launch(mpirun: mpirun) {
            try await $0.wait(forOutput: "up")
            $0.send(signal)
        }
        #expect(result.end == .signaled(Int(signal)) && said(result).isEmpty, "\(result)")
    }

    @Test func linesOfALoopAreTheLoops() async throws {
        let loop = "printf '1\\n2\\n3\\n' | while read -r line; do \"$0\" \"$@\"; echo \"$line\"; done"
        let result = try await launch(mpirun: "cat >/dev/null", ["--", "generate", "--prompt", "x"], through: loop)
        #expect(result.output == "1\n2\n3\n", "\(result)")
        let reads = try await launch(mpirun: "cat", ["--", "chat"], through: "echo hi | \"$0\" \"$@\"")
        #expect(reads.output == "hi\n", "\(reads)")
    }

    @Test func whoLostItsReaderSaysNothing() async throws {
        let mpirun = "echo '[vm:1] mpirun: SIGPIPE detected on fd 13 - aborting' >&2; exit 1"
        let result = try await launch(mpirun: mpirun)
        #expect(result.end == .signaled(Int(SIGPIPE)) && said(result).isEmpty, "\(result)")
    }

    @Test func aMachineThatIsLostIsNamed() async throws {
        let rule = String(repeating: "-", count: 74)
        let mpirun = """
            printf '%s\\n' \(rule) 'ORTE has lost communication with a remote daemon.' '' >&2
            printf '%s\\n' '  HNP daemon   : [[1,0],0] on node a' '  Remote daemon: [[1,0],1] on node b' \(rule) >&2
            exit 205
            """
        let result = try await launch(mpirun: mpirun)
        #expect(result.exitStatus == 70 && said(result).count == 1, "\(result)")
        #expect(said(result).first?.hasPrefix("launch: mpirun lost touch with b: ") == true, "\(result)")
    }

    @Test func closedErrorsAreNoError() async throws {
        let result = try await launch(
            mpirun: nil, ["--np", "1", "--program", "/bin/sh", "--", "-c", "echo a; echo b >&2"],
            through: "exec \"$0\" \"$@\" 2>&-")
        #expect(result.succeeded && result.output == "a\n", "\(result)")
    }

    /// mpirun has its reasons, which its -q would hide.
    @Test func mpirunsReasonIsShown() async throws {
        let result = try await launch(
            mpirun: nil, ["--mpi", "--host localhost:1 --nooversubscribe", "--program", "/bin/true", "--", "x"])
        #expect(result.exitStatus == 1 && said(result).count > 1, "\(result)")
        #expect(said(result).last == "launch: mpirun ended with exit code 1; the lines above say why", "\(result)")
        #expect(!result.errors.contains("-----"), "\(result)")
    }

    /// Who is asked to end before it listens has nothing to finish.
    @Test func aServiceThatIsAskedEarlyHasNotFailed() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command("program", "echo up; exec sleep 1000")
        let result = try await launch(mpirun: nil, ["--np", "1", "--program", program, "--", "serve"]) {
            try await $0.wait(forOutput: "up")
            $0.send(SIGTERM)
        }
        #expect(result.succeeded && said(result).isEmpty, "\(result)")
    }

    /// mpirun ends the others when one is gone: they have a second to tell their clients.
    @Test func theLastWordsOfAServiceAreHeard() async throws {
        let sandbox = try Sandbox()
        let program = try sandbox.command(
            "program",
            """
            exec 2>/dev/null
            trap 'sleep 0.3; echo last words; exit 0' TERM
            [ "$OMPI_COMM_WORLD_RANK" = 1 ] || : >"\(sandbox.path)/up"
            while [ ! -e "\(sandbox.path)/up" ]; do sleep 0.05; done
            [ "$OMPI_COMM_WORLD_RANK" = 0 ] || kill -KILL $$
            while :; do sleep 0.05; done
            """)
        let result = try await launch(mpirun: nil, ["--program", program, "--", "serve"])
        #expect(result.exitStatus == 70 && result.output.contains("last words"), "\(result)")
        #expect(said(result).count == 1, "\(result)")
    }

    /// mpirun leaves the ssh behind that still tries to reach its machine.
    @Test func whatStillConnectsEndsToo() async throws {
        let result = try await launch(mpirun: nil, agent: "echo asked >&2; exec sleep 1000") {
            try await $0.wait(forError: "asked")
            $0.send(SIGINT)
            while !$0.family.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        }
        #expect(result.end == .signaled(Int(SIGINT)) && said(result) == ["asked"], "\(result)")
    }

    /// One that would ask at a terminal is stopped, and waits for good.
    @Test func whatAsksIsNotWaitedFor() async throws {
        let result = try await launch(mpirun: nil, agent: "kill -STOP $$")
        #expect(result.exitStatus == 70 && said(result).count == 1, "\(result)")
        #expect(said(result).first?.contains("node2.invalid asks something at the terminal") == true, "\(result)")
    }

    @Test func aMachineThatCannotBeReachedSaysWhy() async throws {
        let result = try await launch(mpirun: nil, agent: "echo \"ssh: $1: refused\" >&2; exit 255")
        let words = ["ssh: node2.invalid: refused", "launch: mpirun could not start its daemon on every machine"]
        #expect(said(result).count == 2 && zip(said(result), words).allSatisfy { $0.hasPrefix($1) }, "\(result)")
    }
}
