/// What a stage does for each microbatch and each of its rows.
public struct StageShare: Sendable, Equatable, Codable {
    /// The layers' weights that every row meets, read once for a microbatch.
    public var layers: WeightShare
    /// The output head, which only rank 0 has, and which takes only rows that want logits.
    public var head: WeightShare
}

extension JobPlan {
    /// The shares of all stages.
    public var shares: [StageShare] {
        (0..<partition.rankCount).map { stage in
            let layers = costs.shape.layers[partition.layers(of: stage)]
            let none = WeightShare(bytes: 0, operations: 0)
            return StageShare(
                layers: WeightShare(
                    bytes: layers.reduce(0) { $0 + $1.byteCount },
                    operations: layers.flatMap(\.matrices).reduce(0) { $0 + 2 * $1.elementCount }),
                head: stage > 0
                    ? none
                    : WeightShare(bytes: costs.shape.head.byteCount, operations: 2 * costs.shape.head.elementCount))
        }
    }

    /// Products and additions of a row with the matrices of all layers, by the kind of weights.
    public var operationsPerRow: (integers: Int, floats: Int) {
        let matrices = costs.shape.layers.flatMap(\.matrices)
        let integers = matrices.reduce(0) { $0 + ($1.type.isQuantized ? 2 * $1.elementCount : 0) }
        return (integers, matrices.reduce(-integers) { $0 + 2 * $1.elementCount })
    }
}
