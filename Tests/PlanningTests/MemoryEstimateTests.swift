import ModelFiles
import Planning
import TestSupport
import Testing

@Suite struct MemoryEstimateTests {
    @Test func keysAndValuesComeInBlocksOf64Positions() {
        func bytes(_ context: Int) -> Int {
            MemoryEstimate.kvBytes(layerCount: 30, kvHeadCount: 3, headDim: 64, context: context, kvType: .f16)
        }
        #expect(bytes(2048) == 2048 * 30 * 3 * 64 * 2 * 2)
        #expect(bytes(2049) == bytes(2112))
        #expect(bytes(0) == 0)
        #expect(bytes(.max) == .max)
    }

    @Test func quantizedKeysAndValuesFillWholeBlocksOfAHead() {
        #expect(
            MemoryEstimate.kvBytes(layerCount: 1, kvHeadCount: 2, headDim: 48, context: 64, kvType: .q8_0) == 64 * 2 * 2
                * 68)
    }

    @Test func ranksShareTheModel() throws {
        let model = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        let layerCount = model.configuration.layerCount
        let costs = LayerCosts(model)
        #expect(costs.layers.count == layerCount)
        let whole = estimate(model, try Partition(even: layerCount, ranks: 1), rank: 0)
        let partition = try Partition(even: layerCount, ranks: layerCount)
        let parts = (0..<layerCount).map { estimate(model, partition, rank: $0) }
        #expect(parts.reduce(0) { $0 + $1.weightBytes } == whole.weightBytes)
        #expect(parts.reduce(0) { $0 + $1.kvBytes } == whole.kvBytes)
        #expect(
            whole.weightBytes == costs.layers.reduce(costs.head, +)
                + (model.configuration.hasTiedOutputHead ? 0 : model.tokenEmbedding.byteCount))
        #expect(whole.totalBytes == whole.weightBytes + whole.kvBytes)
    }

    private func estimate(_ model: Model, _ partition: Partition, rank: Int) -> MemoryEstimate {
        MemoryEstimate(model, partition: partition, rank: rank, context: 100, kvType: .f32)
    }
}
