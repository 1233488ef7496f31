import Foundation
import Kernels
import TestSupport
import Testing
import Transformer

@testable import ModelFiles

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
        let wide = try OneSequence(tokens: Self.tokens, set: .portable, type: type, chunks: [150])
            .hidden(try model(valueDim: 32))
        for (threads, chunk) in [(1, 150), (3, 64), (2, 1)] {
            let found = try OneSequence(tokens: Self.tokens, set: set, type: type, threads: threads, chunks: [chunk])
                .hidden(try model(valueDim: 12))
            #expect(found == wide, "\(set), \(type), \(threads) threads in chunks of \(chunk)")
        }
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
