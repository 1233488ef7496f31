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

    /// Whether a tensor says again what the configuration says, or belongs to a layer beyond those that the configuration
    /// counts: tables of rotary frequencies, numbers of positions, masks, layers that predict further tokens.
    func changesNothing(_ name: String, layerCount: Int) -> Bool {
        if name.split(separator: ".").contains(where: { Self.tables.contains(String($0)) }) { return true }
        guard name.hasPrefix(layerPrefix) else { return false }
        let number = name.dropFirst(layerPrefix.count).prefix { $0 != "." }
        return Int(number).map { $0 >= layerCount } ?? false
    }

    /// Parts of the names of such tables.
    private static let tables: Set = [
        "rotary_emb", "rotary_pos_emb", "attn_rot_embd", "inv_freq", "cos_cached", "sin_cached", "position_ids",
        "masked_bias",
    ]

    /// Whether it is a table that is read with the configuration.
    func isRotaryTable(_ name: String) -> Bool {
        self == .gguf && [GGUFRotary.factors, GGUFRotary.longFactors, GGUFRotary.shortFactors].contains(name)
    }

    private var layerPrefix: String { self == .gguf ? "blk." : "model.layers." }
}
