import Foundation
import ReportSchemas
import TestSupport
import Testing

/// The bits of the logits as they were recorded (see `scripts/logits-goldens`): a change of structure leaves them equal.
@Suite("Logits are those that were recorded")
struct LogitsHashTests {
    private struct Recorded: Decodable {
        /// A model in the fixtures, or `smollm2`.
        let model: String
        /// Up to how many ranks it is to run on, beside one process.
        let ranks: Int
        let flags: String
        let logitsHash: String

        var path: String? { model == "smollm2" ? TestFiles.smolLM2 : TestFiles.fixture(model) }
    }

    private static func recorded() throws -> [Recorded] {
        try String(contentsOfFile: TestFiles.fixture("logits-hashes.jsonl"), encoding: .utf8)
            .split(separator: "\n").map { try JSONDecoder.forReports.decode(Recorded.self, from: Data($0.utf8)) }
    }

    @Test("In one process")
    func alone() async throws {
        let all = try Self.recorded()
        #expect(all.count > 100)
        for record in all { try await check(record, ranks: nil) }
    }

    @Test("On several ranks")
    func ranks() async throws {
        let spread = try Self.recorded().filter { $0.ranks > 1 }
        #expect(spread.count > 15)
        for record in spread { try await check(record, ranks: record.ranks) }
    }

    private func check(_ record: Recorded, ranks: Int?) async throws {
        guard let path = record.path else { return }
        let found = try await Stagecoach.generate(
            ["--ignore-eos", "--max-tokens", "4"] + record.flags.split(separator: " ").map(String.init), model: path,
            ranks: ranks)
        #expect(found.logitsHash == record.logitsHash, "\(record.model) \(record.flags)")
    }
}
