import Foundation
import Glibc
import TestSupport
import Testing

@testable import Launching

/// A shell stands for mpirun.
@Suite struct RankSessionTests {
    private func session(_ script: String, _ rules: SessionRules) throws -> RankSession {
        try RankSession(
            ["sh", "-c", script], environment: ProcessInfo.processInfo.environment, rules, signals: SignalQueue([]),
            input: .nothing())
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
                input: .nothing())
        }
        #expect(error?.description == "cannot start \(path): No such file or directory")
    }
}
