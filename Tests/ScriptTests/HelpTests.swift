import Foundation
import TestSupport
import Testing

/// All scripts that are there: one that is added is tested too.
@Suite struct HelpTests {
    /// The programs in `scripts` and in the folders there, by their paths from it.
    private static let scripts: [String] = {
        let names = FileManager.default.enumerator(atPath: script(""))?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: script(name), isDirectory: &isFolder) && !isFolder.boolValue
                && FileManager.default.isExecutableFile(atPath: script(name))
        }.sorted()
    }()

    /// Not for people: `deploy` sends them to each machine.
    private static let unexplained: Set = ["hash-model", "probe-machine"]

    /// Those whose arguments are another program's, or anything.
    private static let takingAnything: Set = [
        "compare-load", "compare-peers", "compare-quality", "hash-model", "probe-machine", "quickstart", "test",
    ]

    @Test func thereAreScripts() {
        #expect(Set(Self.scripts).isSuperset(of: ["build", "launch", "slurm/local-cluster", "test"]))
        #expect(Set(Self.scripts).isSuperset(of: Self.unexplained.union(Self.takingAnything)))
    }

    @Test(arguments: scripts.filter { !unexplained.contains($0) })
    func everyScriptExplainsItself(_ name: String) async throws {
        let result = try await Launcher.run(script(name), ["--help"])
        #expect(result.succeeded && result.output.hasPrefix("Usage: scripts/\(name)"), "\(result)")
        #expect(result.errors.isEmpty)
    }

    /// What is written in Python reads its options only where it has its packages.
    @Test(arguments: scripts.filter { !takingAnything.contains($0) && !isPython($0) })
    func unknownOptionsAreRefused(_ name: String) async throws {
        let result = try await Launcher.run(script(name), ["--no-such-option"])
        #expect(result.exitStatus == 64 && result.errors.contains("--no-such-option"), "\(result)")
    }

    /// The flags stand in one place, the program that `launch` starts.
    @Test func theHelpOfLaunchListsItsFlags() async throws {
        let result = try await Launcher.run(script("launch"), ["--help"])
        for flag in ["--hostfile", "--per-socket", "--ports FIRST-LAST", "--dry-run", "--list-hosts"] {
            #expect(result.output.contains(flag), "\(result)")
        }
    }

    private static func isPython(_ name: String) -> Bool {
        let text = FileManager.default.contents(atPath: script(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.prefix { !$0.isNewline }.contains("python")
    }
}
