import Foundation
import Kernels
import ModelFiles
import Tensors
import TestSupport
import Testing
import Transformer

/// Once it runs, decoding allocates nothing, on no thread: `allocation-cases` counts.
@Suite("Allocations")
struct AllocationTests {
    @Test("A decoded token allocates nothing", arguments: [1, 2, 3], [ElementType.q4_0, .q4_K, .q6_K, .f16])
    func decoding(threads: Int, type: ElementType) async throws {
        let path = NSTemporaryDirectory() + "stagecoach-allocations-\(UUID().uuidString).gguf"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try SyntheticModel(
            layerCount: 2, hiddenSize: 256, intermediateSize: 512, headCount: 4, kvHeadCount: 2, type: type
        ).write(to: path, vocabulary: .none(size: 500))
        for kvType in KVType.allCases {
            let result = try await Launcher.run(
                Launcher.product("allocation-cases"), [path, "\(threads)", kvType.rawValue])
            #expect(result.succeeded, "\(result)")
            let lines = result.output.split(whereSeparator: \.isNewline)
            #expect(
                lines.dropLast() == ["embedding 0", "stage 0", "head 0", "sampler 0", "steps 0"],
                "\(type) with KV \(kvType)")
            // What makes a line of text allocates: the counter counts.
            #expect(lines.last?.hasPrefix("control ") == true && lines.last != "control 0")
        }
    }
}
