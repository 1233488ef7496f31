import Foundation
import Launching
import TestSupport
import Testing

@testable import Sweeps

@Suite struct PointRunnerTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func run(_ script: String, limit: Duration = .seconds(600)) throws -> PointRunner.Outcome {
        try run(["sh", "-c", script], limit: limit)
    }

    private func run(_ command: [String], limit: Duration = .seconds(600)) throws -> PointRunner.Outcome {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let runner = PointRunner(limit: limit, logs: folder, signals: SignalQueue([]))
        return try runner.run(
            command, by: .openMPI4, environment: ProcessInfo.processInfo.environment, name: "point")
    }

    @Test func oneLineIsAResult() throws {
        #expect(try run("echo warning >&2; echo '{\"a\":1}'") == .line("{\"a\":1}"))
    }

    @Test(arguments: [
        ("echo a; echo b", "printed 2 lines in place of one"),
        ("echo noise >&2; echo 'stagecoach: no such model' >&2; echo 'mpirun: bye' >&2; exit 65", "no such model"),
        ("echo one >&2; echo two >&2; exit 3", "two"), ("exit 3", "ended with exit status 3 and said nothing"),
        ("echo x; kill -9 $$", "was killed by signal 9"),
    ])
    func failuresSayWhy(_ script: String, _ message: String) throws {
        #expect(try run(script) == .failure(message))
    }

    @Test func whatTakesTooLongIsEndedWithAllItStarted() async throws {
        let outcome = try run("trap '' TERM; sleep 1000 & echo $! >&2; wait; wait", limit: .seconds(5))
        guard case .failure(let message) = outcome else { throw Unexpected(outcome: outcome) }
        #expect(message.hasPrefix("took longer than 5 s and was ended; it said: "))
        let child = try #require(message.split(separator: " ").last.flatMap { pid_t($0) }, "\(message)")
        while isRunning(child) { try await Task.sleep(for: .milliseconds(10)) }
    }

    private struct Unexpected: Error { let outcome: PointRunner.Outcome }

    @Test func aProgramThatIsNotThereEndsTheSweep() throws {
        let error = #expect(throws: SweepError.self) { try run([TestFiles.absent("mpirun")]) }
        #expect(error?.description.contains(TestFiles.absent("mpirun")) == true)
    }
}
