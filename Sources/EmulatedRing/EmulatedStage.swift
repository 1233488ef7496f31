import Microbatches
import ModelFiles
import Planning
import Ring
import Transformer

/// A stage that computes nothing and takes as long as the layers would; it holds no weights, keys or values.
///
/// Block tables are kept as in a real one, so that what the scheduler decides is checked.
public final class EmulatedStage: StageWork {
    public let configuration: ModelConfiguration
    public let layerRange: Range<Int>
    public let cache: KVCache
    public let rowCapacity: Int
    public let hashes: LayerHashes? = nil
    private let cost: StageCost
    private let clock: EmulatedClock

    public init(
        _ configuration: ModelConfiguration, layerRange: Range<Int>, cost: StageCost, capacity: KVCapacity,
        rowCapacity: Int,
        clock: EmulatedClock
    ) throws {
        self.configuration = configuration
        self.layerRange = layerRange
        self.cost = cost
        self.rowCapacity = rowCapacity
        self.clock = clock
        cache = try KVCache(layerCount: 0, configuration: configuration, type: .f16, capacity: capacity)
    }

    public func forward(_ spans: Spans, hidden x: UnsafeMutablePointer<Float>) {
        clock.spend(cost.seconds(MicrobatchShape(spans)))
    }
}
