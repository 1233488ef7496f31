import Foundation
import TestSupport
import Testing

/// What was measured of hosts and links at one start, and is taken at the next.
@Suite("--profile")
struct KeptProfileTests {
    private static let model = TestFiles.fixture("llama2/llama2-f32.gguf")
    private static let prompt = ["--raw", "--threads", "1", "--max-tokens", "4", "--prompt", "The ferry left at noon."]

    /// `generate` on two ranks.
    private static func generate(
        _ flags: [String], cache: String, environment: [String: String?] = [:]
    ) async throws -> CommandResult {
        try await Stagecoach.run(
            ["generate", "--json", "--model", model] + prompt + flags, ranks: 2,
            environment: environment.merging(["STAGECOACH_CACHE": cache]) { $1 })
    }

    private static func partition(_ run: CommandResult) throws -> [Int] {
        #expect(run.succeeded, "\(run)")
        return try run.generation().partition
    }

    private static func temporaryPath() -> String {
        NSTemporaryDirectory() + "stagecoach-kept-\(UUID().uuidString)"
    }

    @Test("Hosts and links are measured once, and again where something differs or it is asked for")
    func kept() async throws {
        let cache = Self.temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: cache) }
        let path = "\(cache)/hosts-and-links.json"
        let usual = try await Self.generate([], cache: cache)
        #expect(usual.succeeded && !FileManager.default.fileExists(atPath: path), "\(usual)")
        let first = try await Self.generate(["--profile", "kept"], cache: cache)
        let partition = try Self.partition(first)
        #expect(!first.errors.contains("as they were measured"), "\(first)")
        let written = try Data(contentsOf: URL(fileURLWithPath: path))

        let second = try await Self.generate(["--profile", "kept"], cache: cache)
        #expect(try Self.partition(second) == partition)
        #expect(second.errors.contains("stagecoach: hosts and links are taken as they were measured"), "\(second)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == written)

        let portable = try await Self.generate(
            ["--profile", "kept"], cache: cache, environment: ["STAGECOACH_ISA": "portable"])
        #expect(!portable.errors.contains("as they were measured"), "\(portable)")
        let fresh = try await Self.generate(["--profile", "fresh"], cache: cache)
        #expect(fresh.succeeded && !fresh.errors.contains("as they were measured"), "\(fresh)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) != written)

        try Data("{".utf8).write(to: URL(fileURLWithPath: path))
        let damaged = try await Self.generate(["--profile", "kept"], cache: cache)
        #expect(damaged.succeeded && !damaged.errors.contains("as they were measured"), "\(damaged)")
        let after = try await Self.generate(["--profile", "kept"], cache: cache)
        #expect(after.errors.contains("as they were measured"), "\(after)")
    }

    @Test("A file is taken at its word, and one that cannot be used is refused before anything is measured")
    func file() async throws {
        let cache = Self.temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: cache) }
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        let file = "\(cache)/plan.json"
        let saved = try await Stagecoach.run(
            [
                "plan", "--model", Self.model, "--threads", "1", "--prompt-tokens", "64", "--generate-tokens", "8",
                "--save", file,
            ], ranks: 2)
        #expect(saved.succeeded, "\(saved)")
        let taken = try await Self.generate(["--profile", file], cache: cache)
        #expect(try Self.partition(taken).reduce(0, +) == 3)
        #expect(taken.errors.contains("hosts and links are taken as \(file) has them"), "\(taken)")
        for (path, words) in [("\(cache)/nowhere.json", "cannot read"), (Self.model, "it is no JSON")] {
            let refused = try await Self.generate(["--profile", path], cache: cache)
            #expect(refused.exitStatus == 65 && refused.errors.contains(words), "\(refused)")
        }
    }
}
