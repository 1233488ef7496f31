import Foundation
import Kernels
import Microbatches
import Tensors
import TestSupport
import Testing

@testable import ModelFiles
@testable import Transformer

/// Each layer sees as far as its own window says, whatever layers stand beside it in a stage.
@Suite("Layers with windows of different sizes")
struct WindowTests {
    private static let tokens: [Int32] = (0..<300).map { 3 + $0 * 11 % 490 }
    private static let windows: [Int32] = [70, 250, 0, 20, 1000]

    @Test("One stage and a stage for each layer agree to the bit", arguments: [1, 3])
    func stages(threads: Int) throws {
        let model = try model()
        #expect((0..<5).map(model.configuration.window) == [70, 250, nil, 20, 1000])
        // Rows that come alone are shared out in pieces, whose blocks the plan names.
        let sequence = OneSequence(tokens: Self.tokens, threads: threads, chunks: [100, 100, 1])
        let together = try sequence.hidden(model)
        #expect(try sequence.hidden(model, stages: [0..<1, 1..<2, 2..<3, 3..<4, 4..<5]) == together)
        #expect(try sequence.hidden(model, stages: [0..<2, 2..<5]) == together)
    }

    @Test("Layers that see equally far share a plan")
    func plans() throws {
        var made: [Int?] = []
        let plans = try AttentionPlans(windows: [nil, 64, nil, 128, 64]) { window throws(MemoryError) in
            made.append(window)
            return try AttentionPlan(
                kvHeadCount: 1, queriesPerKVHead: 1, layout: KVBlockLayout(element: .f32, headDim: 32), blockCount: 8,
                window: window, rowCapacity: 1, threadCount: 1)
        }
        #expect(made == [nil, 64, 128])
        #expect(plans[0] === plans[2] && plans[1] === plans[4] && plans[1] !== plans[3])
    }

    /// A file opened and gone.
    private func model() throws -> Model {
        let path = NSTemporaryDirectory() + "stagecoach-windows-\(UUID().uuidString).gguf"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let synthetic = SyntheticModel(
            layerCount: 5, hiddenSize: 64, intermediateSize: 96, headCount: 2, kvHeadCount: 1, type: .f32)
        let tensors = synthetic.tensors(vocabSize: 500)
        let writer = try GGUFWriter(
            path: path,
            metadata: synthetic.metadata(.none(size: 500), vocabSize: 500)
                + [("llama.attention.sliding_window", .int32s(Self.windows))], tensors: tensors.map(\.plan))
        for (index, tensor) in tensors.enumerated() {
            try synthetic.fill(tensor, stream: index) { bytes throws(ModelFileError) in try writer.write(bytes) }
        }
        try writer.finish()
        return try Model(path: path)
    }
}
