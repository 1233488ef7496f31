import Foundation
import Kernels
import Microbatches
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
            let expected = try hidden(model, set: .portable, threads: 1, chunk: Self.tokens.count, type)
            for chunk in [1, 7, 64, 512] {
                let found = try hidden(model, set: set, threads: 2, chunk: chunk, type)
                #expect(found == expected, "\(set) in chunks of \(chunk), \(path)")
            }
        }
    }

    /// The bits of the last hidden states of all tokens.
    private func hidden(
        _ model: Model, set: InstructionSet, threads: Int, chunk: Int, _ type: KVType
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
}
