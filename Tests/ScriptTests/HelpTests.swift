import TestSupport
import Testing

@Suite struct HelpTests {
    @Test(arguments: [
        "quickstart", "test", "setup", "build", "fetch-model", "launch", "deploy", "test-neon", "netns-cluster",
        "compare-ranks", "measure-waiting", "slurm/local-cluster",
        "measure-serve", "check-page", "check-openai-client",
    ])
    func everyScriptExplainsItself(_ name: String) async throws {
        let result = try await Launcher.run(script(name), ["--help"])
        #expect(result.succeeded && result.output.hasPrefix("Usage: scripts/\(name)"), "\(result)")
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: [
        "setup", "build", "fetch-model", "launch", "deploy", "test-neon", "netns-cluster", "compare-ranks",
        "measure-waiting", "slurm/local-cluster", "measure-serve",
    ])
    func unknownOptionsAreRefused(_ name: String) async throws {
        let result = try await Launcher.run(script(name), ["--no-such-option"])
        #expect(result.exitStatus == 64 && result.errors.contains("--no-such-option"), "\(result)")
    }
}
