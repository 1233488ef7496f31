import Foundation
import ModelFiles
import TestSupport

/// A small model of four layers with a context so long that an answer lasts until a test ends it.
final class LongModel {
    let path = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString).gguf"

    init() throws {
        var model = SyntheticModel(
            layerCount: 4, hiddenSize: 64, intermediateSize: 128, headCount: 4, kvHeadCount: 4, type: .f32)
        model.contextLength = 200_000
        try model.write(to: path, vocabulary: .from(GGUFFile(path: TestFiles.fixture("llama2/llama2-f32.gguf"))))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A `generate` that ends only when something fails.
    ///
    /// - Parameter timeout: Of the ring, in seconds.
    func endless(timeout: Int) -> [String] {
        [
            "generate", "--model", path, "--raw", "--prompt", "Once", "--ignore-eos", "--threads", "1", "--context",
            "200000", "--max-tokens", "190000", "--temperature", "1", "--timeout", "\(timeout)",
        ]
    }
}
