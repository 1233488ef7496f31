import ModelFiles
import Planning

/// What a stage does for each microbatch and each of its rows.
public struct StageShare: Sendable {
    /// Bytes that the model file stores for the stage's layers, read once for a microbatch.
    public let layerBytes: Int
    /// Products and additions with their matrices for a row.
    public let layerOperations: Int
    /// The same for the output head, which only rank 0 has, and which takes only rows that want logits.
    public let headBytes: Int
    public let headOperations: Int
}

extension StagePlan {
    /// The shares of all ranks.
    var shares: [StageShare] {
        let head = model.outputHead
        return (0..<partition.rankCount).map { rank in
            let layers = partition.layers(of: rank).map { model.layer($0) }
            return StageShare(
                layerBytes: layers.reduce(0) { $0 + $1.byteCount },
                layerOperations: layers.flatMap(\.matrices).reduce(0) { $0 + 2 * $1.elementCount },
                headBytes: rank == 0 ? head.byteCount : 0, headOperations: rank == 0 ? 2 * head.elementCount : 0)
        }
    }
}
