import Foundation
import TestSupport
import Testing

/// Many sequences at once over every kind of layout: each must get the tokens and logits that it gets alone.
@Suite("Many sequences")
struct ManySequencesTests {
    private struct Layout: CustomTestStringConvertible, Sendable {
        /// nil: without mpirun.
        var ranks: Int?
        var isOverTCP = false
        var flags: [String]
        var testDescription: String {
            "\(ranks.map { "\($0) ranks" } ?? "alone")\(isOverTCP ? " over TCP" : "") \(flags.joined(separator: " "))"
        }
    }

    /// The model has three layers: of four ranks the first coordinates only.
    private static let layouts = [
        Layout(flags: ["--max-sequences", "33", "--prefill-chunk", "16"]),
        Layout(flags: ["--max-sequences", "8", "--prefill-chunk", "512", "--threads", "2", "--kv-memory", "430K"]),
        Layout(ranks: 2, flags: ["--max-sequences", "33", "--prefill-chunk", "64"]),
        Layout(ranks: 3, flags: ["--max-sequences", "16", "--prefill-chunk", "16", "--microbatches", "4"]),
        Layout(ranks: 4, flags: ["--max-sequences", "33", "--prefill-chunk", "512", "--partition", "0,1,1,1"]),
    ]
    private static let layoutsOverTCP = [
        Layout(ranks: 2, isOverTCP: true, flags: ["--max-sequences", "33", "--prefill-chunk", "32"]),
        Layout(
            ranks: 4, isOverTCP: true,
            flags: ["--max-sequences", "8", "--partition", "0,1,1,1", "--kv-memory", "150K"]),
    ]

    /// 33 requests of all lengths, many of which begin alike.
    private static let requests = (0..<33).map { index in
        let common = (0..<90).map { 3 + $0 * 7 % 500 }[..<[1, 20, 64, 65, 90][index % 5]]
        let own = (0..<1 + index * 5 % 41).map { 5 + ($0 * 11 + index) % 490 }
        let ids = (common + own).map(String.init).joined(separator: ",")
        return """
            {"id": "\(index)", "prompt_ids": [\(ids)], "max_tokens": \(1 + index * 13 % 37), "ignore_eos": true, \
            "seed": \(index), "temperature": \(index % 3 == 0 ? "0" : "0.9")}
            """
    }

    private static func results(_ layout: Layout, _ prompts: String) async throws -> [String: BatchLines.Line] {
        let arguments =
            ["generate", "--model", TinyReference.modelPath, "--threads", "1", "--context", "192", "--json"]
            + ["--prompts", prompts] + layout.flags
        let run =
            layout.isOverTCP
            ? try await NamespaceCluster.run(hosts: layout.ranks!, ["stagecoach"] + arguments)
            : try await Stagecoach.run(arguments, ranks: layout.ranks)
        #expect(run.succeeded, "\(run)")
        return try BatchLines(run.output).byID
    }

    private func compare(_ layouts: [Layout]) async throws {
        let folder = try BatchFolder()
        let prompts = try folder.write("prompts.jsonl", Self.requests.joined(separator: "\n"))
        let expected = try await Self.results(Layout(flags: ["--max-sequences", "1"]), prompts)
        #expect(expected.count == Self.requests.count)
        for layout in layouts {
            let found = try await Self.results(layout, prompts)
            #expect(found.count == expected.count, "\(layout.testDescription)")
            for (id, line) in expected {
                #expect(
                    line.logitsHash != nil && found[id]?.logitsHash == line.logitsHash,
                    "\(id): \(layout.testDescription)")
                #expect(found[id]?.ids == line.ids, "\(id): \(layout.testDescription)")
            }
        }
    }

    @Test("One process and ranks that share memory: as alone")
    func sharedMemory() async throws { try await compare(Self.layouts) }

    @Test("Hosts joined by TCP: as alone", .namespaces)
    func overTCP() async throws { try await compare(Self.layoutsOverTCP) }
}
