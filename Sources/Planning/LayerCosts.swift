import ModelFiles

/// What one token costs in each part of a model: the bytes that the file stores for the weights it reads. Decode is
/// bound by memory, so bytes stand for time.
public struct LayerCosts: Sendable, Equatable {
    /// Bytes per decoder layer.
    public var layers: [Int]
    /// Bytes of the final norm and the output head, which rank 0 reads on top of its layers.
    public var head: Int

    public init(layers: [Int], head: Int) {
        self.layers = layers
        self.head = head
    }

    /// The costs of a model's tensors. The embedding counts only where it is the output head too: a token reads one row.
    public init(_ model: Model) {
        let indices = 0..<model.configuration.layerCount
        layers = indices.map { model.layer($0).byteCount }
        head = model.outputNorm.byteCount + model.outputHead.byteCount
    }

    /// The cost of each stage of a partition, by rank.
    public func stages(of partition: Partition) -> [Int] {
        (0..<partition.rankCount).map { rank in
            layers[partition.layers(of: rank)].reduce(rank == 0 ? head : 0, +)
        }
    }
}
