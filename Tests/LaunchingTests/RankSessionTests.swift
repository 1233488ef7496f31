import Foundation
import Glibc
import Platform
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Launching

/// A shell stands for mpirun.
@Suite struct RankSessionTests {
    private func session(
        _ script: String, _ rules: SessionRules, errors: FileDescriptor? = nil, time: any TimeSource = MachineTime()
    ) throws -> RankSession {
        try RankSession(
            ["sh", "-c", script], environment: ProcessInfo.processInfo.environment, rules, signals: SignalQueue([]),
            input: .nothing(), errors: errors, family: .openMPI4, time: time)
    }

    /// A clock on which a minute passes whenever somebody looks.
    private final class HastyTime: TimeSource {
        private let looks = Atomic<Int64>(0)
        var nanoseconds: Int64 { looks.add(1, ordering: .relaxed).newValue * 60_000_000_000 }
        func sleep(until time: Duration) async throws {}
    }

    /// One line can begin any number of sessions.
    @Test func aSessionCanFollowAnother() throws {
        for _ in 0..<2 {
            let end = try session("exit 3", .interactive(isService: false)).wait()
            #expect(end == SessionEnd(program: .exited(3), signal: nil, killing: nil, isOverLimit: false))
        }
    }

    @Test func aGroupOrASessionOfItsOwn() throws {
        let group = "set -- $(cat /proc/$$/stat); [ $5 = $$ ] && [ $6 != $$ ]"
        #expect(try session(group, .interactive(isService: false)).wait().program == .exited(0))
        let both = "set -- $(cat /proc/$$/stat); [ $5 = $$ ] && [ $6 = $$ ]"
        #expect(try session(both, .unattended(limit: .seconds(600))).wait().program == .exited(0))
    }

    @Test func whoGoesOnTooLongIsEnded() throws {
        let end = try session("exec sleep 1000", .unattended(limit: .milliseconds(10))).wait()
        #expect(end == SessionEnd(program: .killed(SIGTERM), signal: nil, killing: nil, isOverLimit: true))
    }

    @Test func aCommandThatIsNotThere() throws {
        let path = TestFiles.absent("mpirun")
        let error = #expect(throws: LaunchError.self) {
            try RankSession(
                [path], environment: [:], .interactive(isService: false), signals: SignalQueue([]),
                input: .nothing(), family: .openMPI4)
        }
        #expect(error?.description == "cannot start \(path): No such file or directory")
    }

    @Test func whatMPIRunSaysIsKept() throws {
        let pipe = try FileDescriptor.pipe()
        let script = "echo '[vm:1] [[1,0],0] ORTE_ERROR_LOG: Fatal' >&2; echo 'stagecoach: no' >&2; exit 1"
        let end = try session(script, .interactive(isService: false), errors: pipe.writeEnd).wait()
        try pipe.writeEnd.close()
        #expect(String(decoding: try pipe.readEnd.readWhole(), as: UTF8.self) == "stagecoach: no\n")
        #expect(end.said.reasons == ["[vm:1] [[1,0],0] ORTE_ERROR_LOG: Fatal"])
        try pipe.readEnd.close()
    }

    @Test func whoIsStoppedIsKilled() throws {
        let end = try session("kill -STOP $$", .interactive(isService: false), time: HastyTime()).wait()
        #expect(end.killing == .stoodStill && end.program == .killed(SIGKILL))
    }

    /// As ssh is that would ask at a terminal.
    @Test func anAgentThatIsStoppedIsNamed() throws {
        let script = "sh -c 'kill -STOP $$' agent node2 & exec sleep 1000"
        let end = try session(script, .interactive(isService: false), time: HastyTime()).wait()
        #expect(end.killing == .askedAtTerminal && end.agents.first?.suffix(2) == ["agent", "node2"])
    }

    /// As ssh is that still tries to reach its machine.
    @Test func anAgentDoesNotOutliveItsSession() throws {
        let pipe = try FileDescriptor.pipe()
        let script = "sleep 1000 & echo $! >&2; sleep 0.1; kill -STOP $$"
        _ = try session(script, .interactive(isService: false), errors: pipe.writeEnd, time: HastyTime()).wait()
        try pipe.writeEnd.close()
        let said = String(decoding: try pipe.readEnd.readWhole(), as: UTF8.self)
        let agent = try #require(pid_t(said.trimmingCharacters(in: .whitespacesAndNewlines)), "\(said)")
        while isRunning(agent) { usleep(1000) }
        try pipe.readEnd.close()
    }
}
