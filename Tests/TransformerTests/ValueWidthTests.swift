import Foundation
import Kernels
import Microbatches
import TestSupport
import Testing

@testable import ModelFiles
@testable import Transformer

/// Values that are narrower than keys do what wider ones do whose last elements are zeros.
@Suite("Values of another width than keys")
struct ValueWidthTests {
    private static let tokens: [Int32] = (0..<150).map { 3 + $0 * 11 % 90 }
    private static let synthetic = {
        var synthetic = SyntheticModel(
            layerCount: 2, hiddenSize: 64, intermediateSize: 96, headCount: 4, kvHeadCount: 2, type: .f32)
        synthetic.headDim = 32
        return synthetic
    }()

    @Test("The same bits, however they are made", arguments: InstructionSet.available, KVType.allCases)
    func narrow(set: InstructionSet, type: KVType) throws {
        let wide = try hidden(try model(valueDim: 32), .portable, type, threads: 1, chunk: 150)
        for (threads, chunk) in [(1, 150), (3, 64), (2, 1)] {
            let found = try hidden(try model(valueDim: 12), set, type, threads: threads, chunk: chunk)
            #expect(found == wide, "\(set), \(type), \(threads) threads in chunks of \(chunk)")
        }
    }

    /// The bits of the last hidden states of all tokens.
    private func hidden(
        _ model: Model, _ set: InstructionSet, _ type: KVType, threads: Int, chunk: Int
    ) throws -> [UInt32] {
        let team = try ThreadTeam(threadCount: threads)
        let configuration = model.configuration
        let capacity = KVCapacity(slotCount: 1, contextLength: Self.tokens.count)
        let cache = try KVCache(
            layerCount: configuration.layerCount, configuration: configuration, type: type, capacity: capacity)
        let blocks = (0..<capacity.blocksPerSlot).map { KVOperation.append(Int32($0), to: 0) }
        #expect(blocks.withUnsafeBufferPointer { cache.apply($0) })
        let stage = try Stage(
            model, layerRange: 0..<configuration.layerCount, cache: cache, rowCapacity: chunk, team: team,
            kernels: KernelSet(set), loader: WeightLoader(team: team) { _ in })
        var x = [Float](repeating: 0, count: Self.tokens.count * configuration.hiddenSize)
        try TokenEmbedding(model).write(Self.tokens[...], to: &x)
        try x.withUnsafeMutableBufferPointer { x in
            for first in stride(from: 0, to: Self.tokens.count, by: chunk) {
                let count = min(chunk, Self.tokens.count - first)
                try withUnsafePointer(to: Span(slot: 0, firstPosition: first, count: count, logitRows: 0)) {
                    try stage.forward(
                        Spans(start: $0, count: 1), hidden: x.baseAddress! + first * configuration.hiddenSize)
                }
            }
        }
        return x.map(\.bitPattern)
    }

    /// A model whose values have 12 elements that count; what a wider one has besides is zeros.
    private func model(valueDim: Int) throws -> Model {
        let path = NSTemporaryDirectory() + "stagecoach-values-\(UUID().uuidString).gguf"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var metadata = Self.synthetic.metadata(.none(size: 100), vocabSize: 100)
        metadata.removeAll { $0.key == "llama.attention.value_length" }
        metadata.append(("llama.attention.value_length", .uint32(UInt32(valueDim))))
        let tensors = Self.synthetic.tensors(vocabSize: 100).enumerated().map { index, tensor in
            var random = FixedRandom(index)
            let values = (0..<tensor.elementCount).map { _ in Float.random(in: -0.3...0.3, using: &random) }
            return narrowed(tensor.plan, values, valueDim)
        }
        let writer = try GGUFWriter(path: path, metadata: metadata, tensors: tensors.map(\.plan))
        for tensor in tensors { try tensor.values.withUnsafeBytes { try writer.write($0) } }
        try writer.finish()
        return try Model(path: path)
    }

    /// Leaves `valueDim` of each 32 rows of `wv`, those beyond 12 as zeros, and as many columns of `wo`.
    private func narrowed(
        _ plan: GGUFTensorPlan, _ values: [Float], _ valueDim: Int
    ) -> (plan: GGUFTensorPlan, values: [Float]) {
        let (columns, rows) = (plan.dimensions[0], plan.dimensions.last!)
        if plan.name.hasSuffix("attn_v.weight") {
            var kept: [Float] = []
            for row in 0..<rows where row % 32 < valueDim {
                let isZero = row % 32 >= 12
                for column in 0..<columns { kept.append(isZero ? 0 : values[row * columns + column]) }
            }
            return (GGUFTensorPlan(name: plan.name, dimensions: [columns, kept.count / columns], type: .f32), kept)
        }
        if plan.name.hasSuffix("attn_output.weight") {
            let kept = values.indices.filter { $0 % columns % 32 < valueDim }.map { values[$0] }
            return (GGUFTensorPlan(name: plan.name, dimensions: [kept.count / rows, rows], type: .f32), kept)
        }
        return (plan, values)
    }
}
