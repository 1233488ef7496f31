import Microbatches
import ModelFiles
import Ring
import TestSupport
import Transformer

/// A stage that computes nothing and counts how often it is asked to.
final class RecordingStage: StageWork {
    let configuration: ModelConfiguration
    let layerRange: Range<Int>
    let cache: KVCache
    let hashes: LayerHashes?
    let rowCapacity: Int
    private(set) var passCount = 0

    init(_ layerRange: Range<Int>, capacity: KVCapacity, rowCapacity: Int, hashedPositions: Int = 0) throws {
        configuration = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf")).configuration
        self.layerRange = layerRange
        self.rowCapacity = rowCapacity
        cache = try KVCache(layerCount: 0, configuration: configuration, type: .f16, capacity: capacity)
        hashes =
            hashedPositions == 0
            ? nil : LayerHashes(layerCount: layerRange.count, positionCount: hashedPositions)
    }

    func forward(_ spans: Spans, hidden x: UnsafeMutablePointer<Float>) { passCount += 1 }
}
