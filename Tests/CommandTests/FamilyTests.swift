import Foundation
import TestSupport
import Testing

/// A model of some family and what `transformers` computed from it in float32 (see `scripts/family-goldens`).
struct FamilyModel: Sendable, CustomTestStringConvertible {
    let path: String
    let referencePath: String
    var flags: [String] = []

    var testDescription: String {
        ([path.split(separator: "/").suffix(2).joined(separator: "/")] + flags).joined(separator: " ")
    }

    static let names = ["llama", "llama31", "mistral", "ministral3", "qwen2", "qwen2-yarn", "qwen3", "smollm3", "phi3"]

    static func folder(_ name: String) -> String { TestFiles.fixture("families/\(name)") }

    /// Each family as a folder and as GGUF. Phi 3 has a second reference, for the factors of a long context.
    static let all: [FamilyModel] = names.flatMap { name in
        [folder(name), "\(folder(name))/model.gguf"].flatMap { path in
            let reference = "\(folder(name))/reference"
            guard name == "phi3" else { return [FamilyModel(path: path, referencePath: "\(reference).json")] }
            return [
                FamilyModel(path: path, referencePath: "\(reference).json", flags: ["--context", "64"]),
                FamilyModel(path: path, referencePath: "\(reference)-long.json"),
            ]
        }
    }

    /// Folders made by others, where they are.
    static let others = TestFiles.tinyModels.map { FamilyModel(path: $0, referencePath: "\($0)/reference.json") }
}

@Suite("Families against a float32 reference")
struct FamilyTests {
    private struct Reference: Decodable {
        let ids: [Int32]
        let greedyIds: [Int32]
        let argmax: [Int32]
        let top1Margin: [Float]
        let lastLogits: [Float]
        let greedyMargin: [Float]?
    }

    private static let tolerance: Float = 1e-3

    @Test("Logits within 1e-3, argmax and greedy ids equal where they are sure", arguments: FamilyModel.all)
    func family(_ model: FamilyModel) async throws { try await check(model) }

    @Test(
        "The same of models that others made", .enabled(if: !FamilyModel.others.isEmpty), arguments: FamilyModel.others)
    func otherModels(_ model: FamilyModel) async throws { try await check(model) }

    private func check(_ model: FamilyModel) async throws {
        let reference = try JSONDecoder.read(Reference.self, from: model.referencePath)
        let logitsPath = NSTemporaryDirectory() + "stagecoach-logits-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: logitsPath) }
        let score = try await Stagecoach.score(
            ["--ids", reference.ids.list, "--kv-type", "f32", "--logits-out", logitsPath] + model.flags,
            model: model.path)
        for (index, margin) in reference.top1Margin.enumerated() where margin > 2 * Self.tolerance {
            #expect(score.argmax[index] == reference.argmax[index], "position \(index)")
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: logitsPath))
        let logits = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        let last = logits.suffix(reference.lastLogits.count)
        let error = zip(last, reference.lastLogits).map { abs($0 - $1) }.max()
        #expect(try #require(error) < Self.tolerance)

        let generation = try await Stagecoach.generate(
            [
                "--prompt-ids", reference.ids.list, "--max-tokens", "\(reference.greedyIds.count)", "--ignore-eos",
                "--kv-type", "f32",
            ] + model.flags, model: model.path)
        // What follows a close call is another text.
        let sure = reference.greedyMargin?.prefix { $0 > 2 * Self.tolerance }.count ?? reference.greedyIds.count
        #expect(sure > 0 && generation.ids.prefix(sure) == reference.greedyIds.prefix(sure))
    }
}

/// The first promise, for every family.
@Suite("Same tokens everywhere: families")
struct FamilyLayoutTests {
    private struct Layout {
        var ranks: Int?
        var flags: [String] = []
        var isa: String?
    }

    /// Longer than a block of 64 positions and than every window.
    private static let prompt = prompt(tokens: 150)

    private static func prompt(tokens count: Int32) -> [String] {
        ["--prompt-ids", (0..<count).map { 3 + $0 * 37 % 250 }.list, "--max-tokens", "5", "--ignore-eos"]
    }

    private static let layouts = [
        Layout(flags: ["--threads", "3"]), Layout(ranks: 2, flags: ["--threads", "1", "--partition", "1,*"]),
        Layout(ranks: 2, flags: ["--threads", "2", "--partition", "0,*", "--prefill-chunk", "33"]),
        Layout(flags: ["--threads", "2", "--prefill-chunk", "1"]), Layout(flags: ["--prefill-chunk", "7"]),
        Layout(isa: "avx512vnni"), Layout(isa: "avx2"), Layout(isa: "portable"),
    ]

    @Test("ids and logits hash are equal for every layout", arguments: FamilyModel.names)
    func layouts(_ name: String) async throws { try await check(name, []) }

    @Test("The same of each family's GGUF", arguments: FamilyModel.names)
    func fileLayouts(_ name: String) async throws { try await check(name, file: "/model.gguf", []) }

    @Test("The same where weights are quantized as they are loaded", arguments: ["Q8_0", "Q4_0", "Q4_K"])
    func quantized(_ type: String) async throws {
        try await check("mistral", ["--quantize", type])
        try await check("phi3", ["--quantize", type])
    }

    @Test("Quantizing changes the logits")
    func quantizingCounts() async throws {
        var hashes: Set<String> = []
        for flags in [[], ["--quantize", "Q8_0"], ["--quantize", "Q4_0"]] {
            hashes.insert(
                try await Stagecoach.generate(Self.prompt + flags, model: FamilyModel.folder("qwen3")).logitsHash!)
        }
        #expect(hashes.count == 3)
    }

    private func check(_ name: String, file: String = "", _ flags: [String]) async throws {
        let model = FamilyModel.folder(name) + file
        // Ministral 3 stays in its original context.
        let prompt = name == "ministral3" ? Self.prompt(tokens: 50) : Self.prompt
        let expected = try await Stagecoach.generate(prompt + flags + ["--threads", "1"], model: model)
        #expect(expected.ids.count == 5)
        let layerCount = expected.partition[0]
        for layout in Self.layouts where Processor.supports(layout.isa) {
            let own = layout.flags.map { flag in
                guard flag.hasSuffix(",*"), let first = Int(flag.dropLast(2)) else { return flag }
                return "\(first),\(layerCount - first)"
            }
            let found = try await Stagecoach.generate(
                prompt + flags + own, model: model, ranks: layout.ranks,
                environment: layout.isa.map { ["STAGECOACH_ISA": $0] } ?? [:])
            #expect(found.ids == expected.ids, "\(own) \(layout.isa ?? "")")
            #expect(found.logitsHash == expected.logitsHash, "\(own) \(layout.isa ?? "")")
        }
    }

    @Test("verify finds no difference, for a window and for LongRoPE", arguments: ["mistral", "phi3"])
    func verify(_ name: String) async throws {
        for flags in [[], ["--context", "64"]] {
            let result = try await Stagecoach.run(
                ["verify", "--model", FamilyModel.folder(name), "--prompt-tokens", "40", "--generate-tokens", "8"]
                    + flags,
                ranks: 2)
            #expect(result.succeeded, "\(result)")
        }
    }
}
