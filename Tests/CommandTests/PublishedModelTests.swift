import Foundation
import TestSupport
import Testing

/// Models whose files are as people publish them, beside what `transformers` computes from the same folders.
@Suite("Models as published")
struct PublishedModelTests {
    private struct Reference: Decodable {
        let lastLogits: [Float]
    }

    private static func folder(_ name: String) -> String { TestFiles.fixture("published/\(name)") }

    private static func temporary() -> String { NSTemporaryDirectory() + "stagecoach-published-\(UUID().uuidString)" }

    @Test(
        "Logits of a folder, of the GGUF that it becomes, and of two ranks",
        arguments: [
            ("plain", nil), ("base-model-names", nil), ("inv-freq-model", "1 tensor that changes nothing is left out"),
            ("more-layers", "4 tensors that change nothing are left out"), ("only-head", nil), ("mlp-bias", nil),
            ("tied-other-head", "warning: config.json says that the embedding is the output head"),
            ("../reports/tokenizers/more-tokens-than-rows", nil),
        ] as [(String, String?)])
    func logits(_ name: String, _ note: String?) async throws {
        let folder = Self.folder(name)
        let reference = try JSONDecoder.read(Reference.self, from: "\(folder)/expected.json").lastLogits
        let file = Self.temporary() + ".gguf"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let written = try await Stagecoach.run(["quantize", "--model", folder, "--out", file, "--type", "F32"])
        #expect(written.succeeded, "\(written)")
        for (model, ranks) in [(folder, nil), (folder, 2), (file, nil)] as [(String, Int?)] {
            let path = Self.temporary()
            defer { try? FileManager.default.removeItem(atPath: path) }
            let result = try await Stagecoach.run(
                [
                    "score", "--model", model, "--ids", "1,5,9,33,60,2", "--kv-type", "f32", "--logits-out", path,
                    "--threads", "1",
                ], ranks: ranks)
            #expect(result.succeeded, "\(result)")
            let logits = try Data(contentsOf: URL(fileURLWithPath: path)).withUnsafeBytes {
                Array($0.bindMemory(to: Float.self))
            }
            let error = zip(logits.suffix(reference.count), reference).map { abs($0 - $1) }.max()
            #expect(try #require(error) < 1e-4, "\(model) \(ranks ?? 1)")
            if let note, model == folder { #expect(result.errors.contains(note), "\(result)") }
        }
    }

    @Test("A template's file takes the place of the list in the settings")
    func templateFile() async throws {
        let folder = Self.folder("template-list-and-jinja")
        let result = try await Stagecoach.run(
            ["generate", "--model", folder, "--prompts", "\(folder)/request.jsonl", "--json"])
        let expected = try await Stagecoach.run(["tokenize", "--model", folder], input: "D:hi")
        let ids = try JSONDecoder().decode([String: [Int32]].self, from: Data(expected.standardOutput))["ids"]
        let count = try #require(ids).count
        #expect(result.succeeded && result.output.contains("\"prompt_tokens\":\(count)"), "\(result)")
    }

    private struct PenaltyCases: Decodable {
        struct Case: Decodable {
            let request: Request
            let right: [Int32]

            enum CodingKeys: String, CodingKey {
                case request
                case right = "right (generated tokens only, as vLLM and OpenAI)"
            }
        }

        struct Request: Decodable {
            let frequencyPenalty: Double
            let presencePenalty: Double
            let promptIDs: [Int32]

            enum CodingKeys: String, CodingKey {
                case frequencyPenalty = "frequency_penalty"
                case presencePenalty = "presence_penalty"
                case promptIDs = "prompt_ids"
            }
        }

        let cases: [Case]
    }

    @Test("Frequency and presence penalties look at generated tokens only")
    func penalties() async throws {
        let path = "\(Self.folder("frequency-penalty"))/expected.json"
        let cases = try JSONDecoder().decode(PenaltyCases.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
            .cases
        #expect(cases.count == 3)
        for one in cases {
            let answer = try await Stagecoach.generate(
                [
                    "--prompt-ids", one.request.promptIDs.list, "--max-tokens", "12", "--ignore-eos", "--kv-type",
                    "f32",
                    "--frequency-penalty", "\(one.request.frequencyPenalty)",
                    "--presence-penalty", "\(one.request.presencePenalty)",
                ], model: Self.folder("plain"))
            #expect(answer.ids == one.right)
        }
    }

    @Test("An answer cut by the context says so")
    func cutByTheContext() async throws {
        let flags = ["generate", "--model", Self.folder("plain"), "--prompt-ids", "1,2,3", "--ignore-eos", "--json"]
        let cut = try await Stagecoach.run(flags + ["--context", "16"])
        #expect(cut.succeeded && cut.errors.contains("where the context of 16 tokens is full"), "\(cut)")
        let whole = try await Stagecoach.run(flags + ["--context", "16", "--max-tokens", "14"])
        #expect(whole.succeeded && !whole.errors.contains("context"), "\(whole)")
        let lines = "{\"prompt_ids\": [1, 2, 3]}\n{\"prompt_ids\": [1], \"max_tokens\": 2}"
        let batch = try await Stagecoach.run(
            ["generate", "--model", Self.folder("plain"), "--ignore-eos", "--context", "16", "--prompts", "-"],
            input: lines)
        #expect(batch.succeeded && batch.errors.contains("1 answer ends where the context of 16 tokens is full"))
        #expect(batch.output.components(separatedBy: "\"cut_by_context\":true").count == 2, "\(batch)")
    }

    @Test("Ids longer than the context are scored in windows")
    func windows() async throws {
        let ids = (0..<40).map { Int32($0 * 7 % 64) }
        let result = try await Stagecoach.run(
            ["score", "--model", Self.folder("plain"), "--ids", ids.list, "--context", "16"])
        #expect(result.succeeded && result.errors.contains("they are taken in 2 windows"), "\(result)")
        #expect(result.output.contains("\"windows\":2") && result.output.contains("\"nll\":[null,"), "\(result)")
    }
}
