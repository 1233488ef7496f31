import Foundation
import TestSupport
import Testing

/// Ranks on hosts of their own: each in a network namespace with a name and an address, joined by TCP.
@Suite("Hosts in namespaces", .namespaces)
struct NamespaceTests {
    private static let model = TestFiles.fixture("llama2/llama2-f32.gguf")
    private static let prompt = [
        "--raw", "--threads", "1", "--max-tokens", "24", "--prompt", String(repeating: "Once upon a time. ", count: 9),
    ]

    /// The model has three layers: on four hosts the first coordinates only.
    @Test(
        "ids and logits hash are those of one process",
        arguments: [
            (2, [String](), [String]()), (4, ["--partition", "0,1,1,1"], []),
            (2, ["--prefill-chunk", "7"], ["--rate", "100"]),
        ])
    func sameTokens(hosts: Int, flags: [String], options: [String]) async throws {
        let expected = try await Stagecoach.generate(Self.prompt, model: Self.model)
        let result = try await NamespaceCluster.run(
            hosts: hosts, options: options,
            ["stagecoach", "generate", "--json", "--model", Self.model] + Self.prompt + flags)
        #expect(result.succeeded, "\(result)")
        let found = try result.generation()
        #expect(found.ranks == hosts && expected.ranks == 1 && expected.ids.count == 24)
        #expect(found.ids == expected.ids)
        #expect(found.logitsHash == expected.logitsHash)
    }

    @Test("A failure names the host")
    func failureNamesTheHost() async throws {
        let onlyOnHost1 =
            #"[ "$(hostname)" = host1 ] || set -- /etc/hostname; exec "$0" generate --prompt x --model "$1""#
        let result = try await NamespaceCluster.run(
            hosts: 3, ["sh", "-c", onlyOnHost1, Stagecoach.path, Self.model])
        #expect(result.exitStatus == 65, "\(result)")
        #expect(result.errors.contains("rank 1 on host2 (and 1 more rank): "), "\(result)")
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests that need hosts in namespaces.
    static var namespaces: Self {
        .enabled(Comment(rawValue: NamespaceCluster.requirement)) { await NamespaceCluster.isPossible }
    }
}
