import Foundation
import TestSupport
import Testing

@Suite("Values against a float32 reference")
struct ReferenceTests {
    @Test("The small Llama 2: logits within 1e-3, every argmax, greedy ids")
    func tinyLlama2() async throws {
        let reference = try JSONDecoder.read(TinyReference.self, from: TinyReference.path)
        let logitsPath = NSTemporaryDirectory() + "stagecoach-logits-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: logitsPath) }
        let score = try await Stagecoach.score(
            ["--ids", reference.ids.list, "--kv-type", "f32", "--logits-out", logitsPath],
            model: TinyReference.modelPath)
        #expect(score.argmax == reference.argmax)

        let bytes = try Data(contentsOf: URL(fileURLWithPath: logitsPath))
        let logits = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(logits.count == reference.ids.count * reference.lastLogits.count)
        let last = logits.suffix(reference.lastLogits.count)
        let error = zip(last, reference.lastLogits).map { abs($0 - $1) }.max()
        #expect(try #require(error) < 1e-3)

        let generation = try await Stagecoach.generate(
            [
                "--prompt-ids", reference.ids.list, "--max-tokens", "\(reference.greedyIds.count)", "--ignore-eos",
                "--kv-type", "f32",
            ], model: TinyReference.modelPath)
        #expect(generation.ids == reference.greedyIds)
    }

    @Test("SmolLM2: ids, mean NLL, and argmax wherever the reference is sure", .enabled(if: TestFiles.smolLM2 != nil))
    func smolLM2Texts() async throws {
        let model = try #require(TestFiles.smolLM2)
        let reference = try JSONDecoder.read(SmolLM2Reference.self, from: SmolLM2Reference.path)
        for (name, text) in reference.texts {
            let path = NSTemporaryDirectory() + "stagecoach-text-\(UUID().uuidString)"
            try text.text.write(toFile: path, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let score = try await Stagecoach.score(["--text-file", path], model: model)
            #expect(score.ids == text.ids, "\(name)")
            #expect(abs(score.meanNLL - text.meanNll) < 0.02, "\(name): \(score.meanNLL) for \(text.meanNll)")
            let quantized = try await Stagecoach.score(["--text-file", path, "--kv-type", "q8_0"], model: model)
            #expect(abs(quantized.meanNLL - score.meanNLL) < 0.03, "\(name): \(quantized.meanNLL) with a cache in Q8_0")
            for (position, top) in text.top5Logprob.enumerated() where top[0][1] - top[1][1] >= 0.3 {
                #expect(score.argmax[position] == Int32(top[0][0]), "\(name) at \(position)")
            }
        }
    }

    @Test("SmolLM2: the second token of a text, massive for some layers", .enabled(if: TestFiles.smolLM2 != nil))
    func smolLM2FirstTokens() async throws {
        let model = try #require(TestFiles.smolLM2)
        let reference = try JSONDecoder.read(FirstTokens.self, from: TestFiles.fixture("first-tokens.json"))
        let score = try await Stagecoach.score(["--ids", reference.ids.list, "--kv-type", "f32"], model: model)
        #expect(score.nll.count == reference.nll.count)
        for (found, expected) in zip(score.nll, reference.nll) {
            #expect(abs(try #require(found) - expected) < 0.3, "\(score.nll) for \(reference.nll)")
        }
    }

    @Test("SmolLM2: prompts rendered and greedy continuations", .enabled(if: TestFiles.smolLM2 != nil))
    func smolLM2Generations() async throws {
        let model = try #require(TestFiles.smolLM2)
        let reference = try JSONDecoder.read(SmolLM2Reference.self, from: SmolLM2Reference.path)
        for (name, expected) in reference.generations {
            var prompt: [String] = []
            if let text = expected.prompt { prompt = ["--raw", "--prompt", text] }
            if let messages = expected.messages {
                prompt = ["--prompt", messages.last!.content]
                if messages.count > 1 { prompt += ["--system", messages[0].content] }
            }
            let generation = try await Stagecoach.generate(prompt + ["--max-tokens", "1"], model: model)
            #expect(generation.promptIDs == expected.promptIds, "\(name)")

            let score = try await Stagecoach.score(
                ["--ids", (expected.promptIds + expected.greedyIds).list], model: model)
            for (index, margin) in expected.top1Margin.enumerated() where margin >= 0.3 {
                let position = expected.promptIds.count - 1 + index
                #expect(score.argmax[position] == expected.greedyIds[index], "\(name) at \(index)")
            }
        }
    }
}
