import Foundation

/// Where tests find their inputs: fixtures in the tree, and models too large to commit.
public enum TestFiles {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// The checkout's root.
    public static let packageRoot = tests.deletingLastPathComponent()

    /// The path of `Tests/Fixtures/<name>`.
    public static func fixture(_ name: String) -> String { tests.appendingPathComponent("Fixtures/\(name)").path }

    /// A path at which there is nothing, in a folder that is not there either.
    public static func absent(_ name: String) -> String { "\(nowhere)/\(name)" }

    private static let nowhere = NSTemporaryDirectory() + "stagecoach-nowhere-\(UUID().uuidString)"

    /// SmolLM2-135M-Instruct in Q4_1 as `scripts/fetch-model` leaves it; nil where it was never fetched.
    public static var smolLM2: String? {
        existing("\(cacheFolder)/SmolLM2-135M-Instruct.Q4_1.gguf")
    }

    /// A vocabulary that is too large to commit, looked up in `STAGECOACH_VOCABULARIES` or `../shared/vocab`.
    public static func vocabulary(_ name: String) -> String? {
        let folder =
            ProcessInfo.processInfo.environment["STAGECOACH_VOCABULARIES"]
            ?? packageRoot.appendingPathComponent("../shared/vocab").standardizedFileURL.path
        return existing("\(folder)/\(name)")
    }

    /// Small models that others made, looked up in `STAGECOACH_TINY_MODELS` or `../shared/tiny-models`; none where there are
    /// none.
    public static var tinyModels: [String] {
        let folder =
            ProcessInfo.processInfo.environment["STAGECOACH_TINY_MODELS"]
            ?? packageRoot.appendingPathComponent("../shared/tiny-models").standardizedFileURL.path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { "\(folder)/\($0)" }
    }

    /// The folder where scripts keep downloads: the same rule as in `scripts/common`.
    private static var cacheFolder: String {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment["STAGECOACH_CACHE"] { return folder }
        if let folder = environment["XDG_CACHE_HOME"] { return "\(folder)/stagecoach" }
        return "\(environment["HOME"] ?? "/root")/.cache/stagecoach"
    }

    private static func existing(_ path: String) -> String? {
        FileManager.default.fileExists(atPath: path) ? path : nil
    }
}
