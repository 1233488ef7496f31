import Foundation
import TestSupport
import Testing

/// The scripts that people start.
private enum Scripts {
    /// Those in bash, as names below `scripts`; what is sourced by others cannot be started.
    static let all = ["", "slurm/"].flatMap { folder in
        names(in: folder).map { folder + $0 }.filter { name in
            let text = (try? String(contentsOfFile: script(name), encoding: .utf8)) ?? ""
            return FileManager.default.isExecutableFile(atPath: script(name))
                && text.hasPrefix("#!/usr/bin/env bash\n")
        }
    }

    /// What they do not know themselves, these pass on to what they run.
    static let passingOn: Set<String> = ["quickstart", "test", "compare-load", "compare-peers", "compare-quality"]

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: script(folder))) ?? []).sorted()
    }
}

@Suite struct HelpTests {
    @Test func theListIsNotEmpty() {
        #expect(Set(Scripts.all).isSuperset(of: Scripts.passingOn.union(["launch", "deploy", "slurm/local-cluster"])))
    }

    @Test(arguments: Scripts.all) func everyScriptExplainsItself(_ name: String) async throws {
        let result = try await Launcher.run(script(name), ["--help"])
        #expect(result.succeeded && result.output.hasPrefix("Usage: scripts/\(name)"), "\(result)")
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: Scripts.all.filter { !Scripts.passingOn.contains($0) })
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
}
