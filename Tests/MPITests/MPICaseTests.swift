import TestSupport
import Testing

/// The cases of `mpi-cases`. A hang fails at the deadline, and the output shows which case was next.
struct MPICaseTests {
    static let cases = [
        "identity", "send-receive", "values", "requests", "requests-in-order", "cancel", "request-buffers",
        "matched-probe", "broadcast", "allgather", "nonblocking-collectives", "collective-values", "barrier",
        "split", "duplicate", "hosts", "timeout", "wrong-rank", "truncated", "wrong-arguments", "start-twice",
    ]

    @Test(arguments: [1, 2, 3, 4])
    func everyCallFamily(ranks: Int) async throws { try await expectSuccess(Self.cases, ranks: ranks) }

    @Test func messagesOfSeveralHundredMegabytes() async throws { try await expectSuccess(["large"], ranks: 2) }

    /// The promise: a waiting rank uses less than 1 % of a core. The ranks measure and judge themselves.
    @Test func waitingCostsNothing() async throws {
        try await expectSuccess(["idle-receive", "idle-barrier", "idle-probe"], ranks: 3)
    }

    private func expectSuccess(_ names: [String], ranks: Int) async throws {
        let result = try await launch(names, ranks: ranks)
        #expect(result.succeeded, "\(result)")
        let lines = result.output.split(whereSeparator: \.isNewline)
        for name in names {
            #expect(lines.count { $0 == "\(name) ok" } == ranks, "\(name) passed on too few ranks: \(result)")
        }
    }
}

func launch(_ names: [String], ranks: Int, timeout: Duration = Launcher.patience) async throws -> CommandResult {
    // A crash is expected in some cases: its backtrace would take seconds.
    try await Launcher.mpirun(
        ranks: ranks, Launcher.product("mpi-cases"), names, environment: ["SWIFT_BACKTRACE": "enable=no"],
        timeout: timeout)
}
