import ModelFiles

/// The bytes in memory of the weights that one token reads, by the parts of a model: fewer than in the file where the run
/// quantizes them.
public struct LayerCosts: Sendable, Equatable {
    /// Bytes per decoder layer.
    public var layers: [Int]
    /// Bytes of the final norm and the output head, which rank 0 reads on top of its layers.
    public var head: Int

    /// The bytes of a model's tensors. The embedding counts only where it is the output head too: a token reads one row.
    public init(_ model: Model) {
        let indices = 0..<model.configuration.layerCount
        layers = indices.map { model.layer($0).byteCountForEveryRow }
        head = model.outputNorm.byteCount + model.outputHead.byteCount
    }
}
