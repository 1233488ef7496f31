/// What a tensor of a file is in the model, whatever the file calls it.
enum TensorRole: Sendable, Hashable {
    /// - Parameter layer: nil at the model's ends.
    case weight(WeightRole, layer: Int?)
    case fused(FusedMatrix, layer: Int)
    /// A table that only GGUF files have.
    case other

    /// The layer that it belongs to.
    var layer: Int? {
        switch self {
        case .weight(_, let layer): layer
        case .fused(_, let layer): layer
        case .other: nil
        }
    }
}

extension ModelFamily {
    /// The tensors that a model of this family has, or may have, in the order of a file.
    func tensors(layerCount: Int) -> [TensorRole] {
        [.weight(.tokenEmbedding, layer: nil)] + (0..<layerCount).flatMap(tensors(ofLayer:))
            + [.weight(.outputNorm, layer: nil), .weight(.outputHead, layer: nil)]
    }

    /// The tensors of one layer: a fused one stands where its first part would.
    func tensors(ofLayer layer: Int) -> [TensorRole] {
        WeightRole.ofLayer.compactMap { role in
            guard presence(of: role) != .never else { return nil }
            guard let fused = fused.first(where: { $0.parts.contains(role) }) else {
                return .weight(role, layer: layer)
            }
            return role == fused.parts[0] ? .fused(fused, layer: layer) : nil
        }
    }
}
