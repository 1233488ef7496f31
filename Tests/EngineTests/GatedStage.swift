import Microbatches
import ModelFiles
import Ring
import Transformer

/// A stage that calls a closure before it computes.
final class GatedStage: StageWork {
    private let inner: Stage
    private let gate: () -> Void

    init(_ inner: Stage, _ gate: @escaping () -> Void) {
        self.inner = inner
        self.gate = gate
    }

    var configuration: ModelConfiguration { inner.configuration }
    var layerRange: Range<Int> { inner.layerRange }
    var cache: KVCache { inner.cache }
    var rowCapacity: Int { inner.rowCapacity }
    var hashes: LayerHashes? { inner.hashes }

    func forward(_ spans: Spans, hidden x: UnsafeMutablePointer<Float>) throws(StageError) {
        gate()
        try inner.forward(spans, hidden: x)
    }
}
