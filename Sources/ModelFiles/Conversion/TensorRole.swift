/// What a tensor is in the model, whatever its file calls it.
enum TensorRole: Sendable, Hashable {
    case tokenEmbedding, outputNorm, outputHead
    case layer(LayerPart, Int)
    /// A table that only GGUF files have.
    case other
}

extension TensorNames {
    /// What this format calls a tensor of that role; nil for ``TensorRole/other``.
    func name(_ role: TensorRole) -> String? {
        switch role {
        case .tokenEmbedding: tokenEmbedding
        case .outputNorm: outputNorm
        case .outputHead: outputHead
        case .layer(let part, let index): name(part, layer: index)
        case .other: nil
        }
    }

    /// The roles of a model of `family`, in the order of a file.
    static func roles(_ family: ModelFamily, layerCount: Int) -> [TensorRole] {
        let parts = LayerPart.allCases.filter { part in
            switch part {
            case .wqkv: family.fusesProjections
            case .wq, .wk, .wv: !family.fusesProjections
            case .wGateUp: family.fusesGates
            case .wGate, .wUp: !family.fusesGates
            default: true
            }
        }
        let layers = (0..<layerCount).flatMap { index in parts.map { TensorRole.layer($0, index) } }
        return [.tokenEmbedding] + layers + [.outputNorm, .outputHead]
    }
}
