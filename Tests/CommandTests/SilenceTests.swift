import Foundation
import Glibc
import ReportSchemas
import TestSupport
import Testing

/// A rank that falls silent while a microbatch is in flight ends the job, named once by the rank behind it.
@Suite("A silent rank is named", .serialized)
struct SilenceTests {
    /// What the rank behind says.
    private static func complaint(about rank: Int, of ranks: Int, hosts: [String]) -> String {
        let witness = (rank + 1) % ranks
        return "stagecoach: rank \(witness) on \(hosts[witness]): no sign of life from rank \(rank) on \(hosts[rank]) "
            + "(layer \(rank)) for 3 s while waiting for a microbatch in MPI_Irecv: "
    }

    private static func expectOneMessage(_ result: CommandResult, _ complaint: String) {
        #expect(result.exitStatus == 70, "\(result)")
        let lines = result.errors.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("stagecoach: ") }
        #expect(lines.count == 1 && lines[0].hasPrefix(complaint), "\(result)")
    }

    /// Waits until the answer has begun.
    private static func waitForTheAnswer(of command: RunningCommand) async throws {
        while command.output.isEmpty {
            try #require(!command.family.isEmpty, "\(command.errors)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Waits until the answer has begun, then sends `signal` to a rank.
    private static func signal(_ signal: Int32, to rank: Int, _ command: RunningCommand, marked mark: String)
        async throws
    {
        try await waitForTheAnswer(of: command)
        kill(try #require(RankProcess.find(rank, of: Stagecoach.path, marked: mark)), signal)
    }

    @Test("A stopped rank, on this machine", arguments: [0, 2, 3])
    func stopped(rank: Int) async throws {
        let model = try LongModel()
        let mark = UUID().uuidString
        let result = try await Launcher.mpirun(
            ranks: 4, Stagecoach.path, model.endless(timeout: 3), environment: [RankProcess.mark: mark]
        ) { try await Self.signal(SIGSTOP, to: rank, $0, marked: mark) }
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        Self.expectOneMessage(
            result, Self.complaint(about: rank, of: 4, hosts: Array(repeating: name, count: 4)))
    }

    private static let hosts = (1...4).map { "host\($0)" }

    @Test("A stopped rank, over TCP", .namespaces)
    func stoppedOverTCP() async throws {
        let model = try LongModel()
        let mark = UUID().uuidString
        let result = try await NamespaceCluster.run(
            hosts: 4, ["stagecoach"] + model.endless(timeout: 3), environment: [RankProcess.mark: mark]
        ) { try await Self.signal(SIGSTOP, to: 1, $0, marked: mark) }
        Self.expectOneMessage(result, Self.complaint(about: 1, of: 4, hosts: Self.hosts))
    }

    @Test("A killed rank, over TCP", .namespaces)
    func killedOverTCP() async throws {
        let model = try LongModel()
        let mark = UUID().uuidString
        let result = try await NamespaceCluster.run(
            hosts: 4, ["stagecoach"] + model.endless(timeout: 60), environment: [RankProcess.mark: mark]
        ) { try await Self.signal(SIGKILL, to: 1, $0, marked: mark) }
        Self.expectOneMessage(result, "stagecoach: rank 1 on host2 was killed by signal 9")
    }

    /// mpirun itself never ends when a machine's link is down: `scripts/launch` has to kill it. The rank behind speaks;
    /// the one cut off says the same of its own neighbour, which nobody hears. Cut off, host1 has mpirun and is heard.
    @Test("A link that goes down", .namespaces, arguments: [0, 2])
    func linkDown(rank: Int) async throws {
        let model = try LongModel()
        let result = try await NamespaceCluster.run(hosts: 4, ["stagecoach"] + model.endless(timeout: 3)) { cluster in
            try await Self.waitForTheAnswer(of: cluster)
            try await NamespaceCluster.cutOff("host\(rank + 1)", madeBy: cluster.process)
        }
        let named = rank == 0 ? 3 : rank
        Self.expectOneMessage(result, Self.complaint(about: named, of: 4, hosts: Self.hosts))
    }

    /// Ranks that have nothing to do say nothing, and nobody takes that amiss.
    @Test("Rest is no silence", .enabled(if: TestFiles.smolLM2 != nil))
    func rest() async throws {
        let result = try await Self.chatWithPause(flags: ["--json"])
        #expect(result.succeeded, "\(result)")
        let report = try result.report(ChatReport.self)
        #expect(report.turns.count == 2)
    }

    /// No frame ever reaches the ranks behind it: they know from rank 0 that work has begun.
    @Test("A rank that was stopped at rest", .enabled(if: TestFiles.smolLM2 != nil))
    func stoppedAtRest() async throws {
        let mark = UUID().uuidString
        let result = try await Self.chatWithPause(environment: [RankProcess.mark: mark]) { chat in
            try await chat.wait(forError: "TTFT")
            kill(try #require(RankProcess.find(1, of: Stagecoach.path, marked: mark)), SIGSTOP)
        }
        #expect(result.exitStatus == 70, "\(result)")
        let lines = result.errors.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("stagecoach: ") }
        #expect(lines.count == 1 && lines[0].hasPrefix("stagecoach: rank 2 on "), "\(result)")
        #expect(lines[0].contains(": no sign of life from rank 1 on "), "\(result)")
    }

    /// A conversation of four ranks with a pause between two turns that is longer than the timeout.
    private static func chatWithPause(
        flags: [String] = [], environment: [String: String?] = [:],
        during: (@Sendable (RunningCommand) async throws -> Void)? = nil
    ) async throws -> CommandResult {
        let model = try #require(TestFiles.smolLM2)
        let root: [String: String?] = ["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"]
        return try await Launcher.run(
            "sh",
            [
                "-c", #"(echo Hello; sleep 6; echo Hello) | exec "$@""#, "sh", "mpirun", "-q", "-np", "4",
                "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1", Stagecoach.path, "chat",
                "--model", model, "--max-tokens", "4", "--threads", "1", "--timeout", "3",
            ] + flags,
            environment: root.merging(environment) { $1 }, timeout: .seconds(120), during: during)
    }
}
