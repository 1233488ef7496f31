/// How a file format names a model's tensors. Families share the names of their format.
enum TensorNames: Sendable {
    case gguf, huggingFace

    /// What this format calls a tensor of that role; nil for ``TensorRole/other``.
    func name(_ role: TensorRole) -> String? {
        switch role {
        case .weight(let weight, nil): name(weight)
        case .weight(let weight, let layer?): "\(layerPrefix)\(layer).\(name(weight))"
        case .fused(let fused, let layer): "\(layerPrefix)\(layer).\(self == .gguf ? fused.gguf : fused.huggingFace)"
        case .other: nil
        }
    }

    /// What this format calls a weight, after the prefix of its layer if it is in one.
    func name(_ role: WeightRole) -> String { self == .gguf ? role.rule.gguf : role.rule.huggingFace }

    /// What each name of this format is in a model of `family`.
    func rolesByName(_ family: ModelFamily, layerCount: Int) -> [String: TensorRole] {
        let named = family.tensors(layerCount: layerCount).map { (name($0)!, $0) }
        return Dictionary(named) { first, _ in first }
    }

    /// Tables of rotary frequencies are read with the configuration or repeat what it says; a tied head that was stored
    /// all the same repeats the embedding.
    func isHarmless(_ name: String) -> Bool {
        name == self.name(.outputHead)
            || [GGUFRotary.factors, GGUFRotary.longFactors, GGUFRotary.shortFactors].contains(name)
            || (name.hasPrefix(layerPrefix)
                && (name.contains(".attn_rot_embd") || name.hasSuffix(".rotary_emb.inv_freq")))
    }

    private var layerPrefix: String { self == .gguf ? "blk." : "model.layers." }
}
