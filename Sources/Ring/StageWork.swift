import Microbatches
import ModelFiles
import Transformer

/// What a rank does to the rows of a microbatch: takes them through a range of layers, or takes as long as that would.
public protocol StageWork: AnyObject {
    var configuration: ModelConfiguration { get }
    var layerRange: Range<Int> { get }
    var cache: KVCache { get }
    /// The most rows of a microbatch.
    var rowCapacity: Int { get }
    /// Where hashes of what each layer puts out are kept; nil, as usual, for nowhere.
    var hashes: LayerHashes? { get }

    /// Takes the rows of `spans` through the layers in place.
    ///
    /// - Parameter x: Hidden states `[rows, hiddenSize]`.
    func forward(_ spans: Spans, hidden x: UnsafeMutablePointer<Float>) throws(StageError)
}

extension Stage: StageWork {}

extension StageWork {
    /// Puts the hashes that this stage kept into their places among those of all layers.
    func putHashes(into frame: borrowing Frame) {
        guard let hashes else { return }
        for (index, hash) in hashes.values.enumerated() {
            frame.hashes[layerRange.lowerBound * hashes.positionCount + index] = hash
        }
    }

    /// Makes the changes of the block tables that `frame` brings, and takes its rows through the layers.
    ///
    /// - Precondition: The frame keeps the ``FrameRules``.
    /// - Parameter rank: Who sent the frame, to be named if it makes no sense.
    func compute(_ frame: borrowing Frame, from rank: Int) throws(PipelineError) {
        guard cache.apply(frame.operations), cache.covers(frame.spans) else { throw .malformedFrame(from: rank) }
        do throws(StageError) {
            try forward(frame.spans, hidden: frame.hidden)
        } catch {
            switch error {
            case .nonFinite(let layer): throw .nonFinite(layer: layer)
            }
        }
    }
}
