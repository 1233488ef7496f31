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
        let together = try hidden(model, [0..<5], threads: threads)
        #expect(try hidden(model, [0..<1, 1..<2, 2..<3, 3..<4, 4..<5], threads: threads) == together)
        #expect(try hidden(model, [0..<2, 2..<5], threads: threads) == together)
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

    /// The bits of the last hidden states of all tokens, after stages with these layers.
    private func hidden(_ model: Model, _ ranges: [Range<Int>], threads: Int) throws -> [UInt32] {
        let team = try ThreadTeam(threadCount: threads)
        let width = model.configuration.hiddenSize
        var x = [Float](repeating: 0, count: Self.tokens.count * width)
        try TokenEmbedding(model).write(Self.tokens[...], to: &x)
        for layers in ranges {
            let capacity = KVCapacity(slotCount: 1, contextLength: Self.tokens.count)
            let cache = try KVCache(
                layerCount: layers.count, configuration: model.configuration, type: .f32, capacity: capacity)
            let blocks = (0..<capacity.blocksPerSlot).map { KVOperation.append(Int32($0), to: 0) }
            #expect(blocks.withUnsafeBufferPointer { cache.apply($0) })
            let stage = try Stage(
                model, layerRange: layers, cache: cache, rowCapacity: 100, team: team, kernels: KernelSet(.best),
                loader: WeightLoader(team: team) { _ in })
            try x.withUnsafeMutableBufferPointer { x in
                // Rows that come alone are shared out in pieces, whose blocks the plan names.
                for (first, count) in [(0, 100), (100, 100)] + (200..<Self.tokens.count).map({ ($0, 1) }) {
                    try withUnsafePointer(to: Span(slot: 0, firstPosition: first, count: count, logitRows: 0)) {
                        try stage.forward(Spans(start: $0, count: 1), hidden: x.baseAddress! + first * width)
                    }
                }
            }
        }
        return x.map(\.bitPattern)
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
