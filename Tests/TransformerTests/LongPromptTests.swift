import Foundation
import Kernels
import ModelFiles
import TestSupport
import Testing
import Transformer

/// A prompt longer than the longest chunk, for float weights and integer ones.
@Suite("A long prompt")
struct LongPromptTests {
    private static let tokens: [Int32] = (0..<530).map { 3 + $0 * 11 % 490 }

    @Test(
        "Chunks of 1, 7, 64 and 512 tokens do not change a bit", arguments: InstructionSet.available, KVType.allCases)
    func chunks(set: InstructionSet, type: KVType) throws {
        let path = NSTemporaryDirectory() + "stagecoach-long-\(UUID().uuidString).gguf"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try SyntheticModel(
            layerCount: 2, hiddenSize: 64, intermediateSize: 96, headCount: 2, kvHeadCount: 1, type: .q4_1
        ).write(to: path, vocabulary: .none(size: 500))
        for path in [path, TestFiles.fixture("llama2/llama2-f32.gguf")] {
            let model = try Model(path: path)
            let expected = try OneSequence(
                tokens: Self.tokens, set: .portable, type: type, chunks: [Self.tokens.count]
            ).hidden(model)
            for chunk in [1, 7, 64, 512] {
                let found = try OneSequence(
                    tokens: Self.tokens, set: set, type: type, threads: 2, chunks: [chunk]
                ).hidden(model)
                #expect(found == expected, "\(set) in chunks of \(chunk), \(path)")
            }
        }
    }
}
