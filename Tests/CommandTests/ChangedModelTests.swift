import Foundation
import Glibc
import TestSupport
import Testing

/// A model's file that somebody changes while it is used: a run goes on with the one it opened, or says what happened.
@Suite("A model that is changed in place")
struct ChangedModelTests {
    private enum Change: String, CaseIterable {
        case truncated, overwritten, cut
    }

    private static func apply(_ change: Change, to path: String) throws {
        let size = try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? UInt64)
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        switch change {
        case .truncated: try file.truncate(atOffset: 0)
        case .cut: try file.truncate(atOffset: size / 2)
        case .overwritten: try file.write(contentsOf: Data(count: Int(size)))
        }
        try file.close()
    }

    private static func run(
        _ model: LongModel, ranks: Int?, _ whenItAnswers: @escaping @Sendable (RunningCommand) async throws -> Void
    ) async throws -> CommandResult {
        let arguments = model.endless(timeout: 60)
        @Sendable func during(_ command: RunningCommand) async throws {
            try await waitForText(of: command, longerThan: 0)
            try await whenItAnswers(command)
        }
        guard let ranks else { return try await Launcher.run(Stagecoach.path, arguments, during: during) }
        return try await Launcher.mpirun(ranks: ranks, Stagecoach.path, arguments, during: during)
    }

    private static func waitForText(of command: RunningCommand, longerThan count: Int) async throws {
        while command.output.utf8.count <= count {
            try #require(!command.family.isEmpty, "\(command.errors)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test("Is told in one sentence", arguments: Change.allCases, [nil, 2])
    private func changed(_ change: Change, ranks: Int?) async throws {
        let model = try LongModel()
        let path = model.path
        let result = try await Self.run(model, ranks: ranks) { _ in try Self.apply(change, to: path) }
        #expect(result.exitStatus == 65, "\(result)")
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 1 && lines[0].hasPrefix("stagecoach: "), "\(result)")
        #expect(lines.first?.contains("\(path): the file was changed while it was in use") == true, "\(result)")
    }

    @Test("Another file of its name changes nothing")
    func replaced() async throws {
        let model = try LongModel()
        let path = model.path
        let result = try await Self.run(model, ranks: nil) { command in
            try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path), options: .atomic)
            try await Self.waitForText(of: command, longerThan: command.output.utf8.count + 100)
            command.send(SIGTERM)
        }
        #expect(result.end == .signaled(Int(SIGTERM)) && result.errors.isEmpty, "\(result)")
    }
}
