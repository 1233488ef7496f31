import Foundation
import Testing

@testable import Sweeps

@Suite struct SweepJournalTests {
    private let folder = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString)"
    private static let point = SweepPoint(ranks: 1, threads: 1, sequences: 2)

    private static func line(
        _ outcome: Result<String, SweepError>, at point: SweepPoint = point
    ) -> SweepLine {
        SweepLine(
            point: point, command: "mpirun -q", started: Date(timeIntervalSince1970: 0), seconds: 1.5, outcome: outcome)
    }

    private func open(_ definition: SweepDefinition = .example) throws -> SweepJournal {
        try SweepJournal(folder: folder, definition)
    }

    private var path: String { folder + "/points.jsonl" }

    @Test func whatIsWrittenIsThereAgain() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var journal = try open()
        let bench = try Fixture.bench(sequences: 2).dropLast() + #","later":{"x":[1,null]}}"#
        _ = try journal.append(Self.line(.success(String(bench))))
        let failed = SweepPoint(ranks: 2, threads: 1, sequences: 2, microbatches: 3)
        _ = try journal.append(Self.line(.failure(SweepError(.failure, "a \"bad\"\nday")), at: failed))
        let again = try open()
        let record = try #require(again.records[Self.point])
        #expect(record.result?.sequences == 2 && record.seconds == 1.5 && record.started == "1970-01-01T00:00:00Z")
        #expect(again.records[failed]?.error == "a \"bad\"\nday")
        // What this version does not know stays.
        #expect(again.lines(of: [Self.point]).first?.contains(#""later":{"x":[1,null]}"#) == true)
    }

    @Test func theLastWordOnAPointCounts() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var journal = try open()
        _ = try journal.append(Self.line(.failure(SweepError(.failure, "no"))))
        _ = try journal.append(Self.line(.success(try Fixture.bench(sequences: 2))))
        #expect(try open().records[Self.point]?.error == nil)
        #expect(try open().records[Self.point]?.result != nil)
    }

    @Test func aTornLineIsTakenAway() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var journal = try open()
        _ = try journal.append(Self.line(.success(try Fixture.bench(sequences: 2))))
        let whole = try String(contentsOfFile: path, encoding: .utf8)
        try (whole + whole.prefix(40)).write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try open().records.count == 1)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == whole)
    }

    @Test func anotherSweepIsRefused() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try open()
        var other = SweepDefinition.example
        other.promptTokens = 17
        let error = #expect(throws: SweepError.self) { try open(other) }
        #expect(error?.kind == .usage)
        #expect(error?.description.contains("--prompt-tokens is 16 there and 17 here") == true)
    }

    @Test(arguments: ["nonsense\n", "{}\n", "{\"point\":{}}\n", "[1]\n"])
    func foreignLinesAreRefused(_ text: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try open()
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: SweepError.self) { try open() }
        #expect(error?.kind == .badInput && error?.description.contains("line 1 of \(path)") == true)
    }

    @Test func aFolderThatCannotBeMadeIsOneSentence() {
        let error = #expect(throws: SweepError.self) { try SweepJournal(folder: "/proc/nowhere", .example) }
        #expect(error?.description.hasPrefix("cannot make /proc/nowhere: ") == true)
    }
}
