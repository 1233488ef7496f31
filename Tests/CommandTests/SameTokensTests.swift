import TestSupport
import Testing

/// The first promise: the same bits whatever the ranks, threads, chunks and instruction sets.
@Suite("Same tokens everywhere", .enabled(if: TestFiles.smolLM2 != nil))
struct SameTokensTests {
    /// Longer than a KV block of 64 positions.
    private static let prompt = [
        "--raw", "--max-tokens", "6", "--prompt",
        String(repeating: "The river rose in the night, and by morning the lower fields were under water. ", count: 6),
    ]

    private struct Layout: CustomTestStringConvertible, Sendable {
        var ranks: Int?
        var flags: [String] = []
        var isa: String?
        var testDescription: String {
            "\(ranks.map { "\($0) ranks" } ?? "alone") \(flags.joined(separator: " ")) \(isa ?? "")"
        }
    }

    private static let layouts: [Layout] = [
        Layout(flags: ["--threads", "1"]),
        Layout(flags: ["--threads", "2"]),
        Layout(flags: ["--threads", "3"]),
        Layout(ranks: 1),
        Layout(ranks: 2, flags: ["--threads", "1"]),
        Layout(ranks: 3, flags: ["--threads", "1"]),
        Layout(ranks: 4, flags: ["--threads", "1"]),
        Layout(ranks: 30, flags: ["--threads", "1"]),
        Layout(ranks: 3, flags: ["--threads", "1", "--partition", "3,20,7"]),
        Layout(ranks: 3, flags: ["--threads", "1", "--partition", "0,11,19"]),
        Layout(flags: ["--prefill-chunk", "7"]),
        Layout(flags: ["--prefill-chunk", "64"]),
        Layout(flags: ["--prefill-chunk", "4096"]),
        Layout(ranks: 2, flags: ["--threads", "1", "--prefill-chunk", "7"]),
        Layout(isa: "avx512vnni"),
        Layout(isa: "avx2"),
        Layout(isa: "portable"),
    ]

    @Test("ids and logits hash are equal for every layout")
    func layouts() async throws {
        let model = try #require(TestFiles.smolLM2)
        let expected = try await Stagecoach.generate(Self.prompt, model: model)
        #expect(expected.ids.count == 6)
        for layout in Self.layouts where Processor.supports(layout.isa) {
            let found = try await Stagecoach.generate(
                Self.prompt + layout.flags, model: model, ranks: layout.ranks,
                environment: layout.isa.map { ["STAGECOACH_ISA": $0] } ?? [:])
            #expect(found.ids == expected.ids, "\(layout.testDescription)")
            #expect(found.logitsHash == expected.logitsHash, "\(layout.testDescription)")
            #expect(found.ranks == layout.ranks ?? 1)
        }
    }

    @Test("The same with a quantized cache")
    func quantizedCache() async throws {
        let model = try #require(TestFiles.smolLM2)
        let prompt = Self.prompt + ["--kv-type", "q8_0"]
        let expected = try await Stagecoach.generate(prompt + ["--threads", "1"], model: model)
        let layouts = [
            Layout(flags: ["--threads", "2", "--prefill-chunk", "7"]),
            Layout(ranks: 2, flags: ["--threads", "1", "--prefill-chunk", "64"]),
            Layout(isa: "avx512vnni"), Layout(isa: "avx2"), Layout(isa: "portable"),
        ]
        for layout in layouts where Processor.supports(layout.isa) {
            let found = try await Stagecoach.generate(
                prompt + layout.flags, model: model, ranks: layout.ranks,
                environment: layout.isa.map { ["STAGECOACH_ISA": $0] } ?? [:])
            #expect(found.ids == expected.ids, "\(layout.testDescription)")
            #expect(found.logitsHash == expected.logitsHash, "\(layout.testDescription)")
        }
    }

    @Test("The hash does depend on the logits")
    func hashIsSensitive() async throws {
        let model = try #require(TestFiles.smolLM2)
        let f16 = try await Stagecoach.generate(Self.prompt, model: model)
        let f32 = try await Stagecoach.generate(Self.prompt + ["--kv-type", "f32"], model: model)
        let q8 = try await Stagecoach.generate(Self.prompt + ["--kv-type", "q8_0"], model: model)
        #expect(Set([f16.logitsHash, f32.logitsHash, q8.logitsHash]).count == 3)
    }
}
