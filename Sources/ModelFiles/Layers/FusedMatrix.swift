/// Matrices that some families keep as one: the rows of the first part, then those of the next.
enum FusedMatrix: Sendable, Hashable {
    case wqkv, wGateUp

    /// The parts, in the order of ``WeightRole``.
    var parts: [WeightRole] {
        switch self {
        case .wqkv: [.wq, .wk, .wv]
        case .wGateUp: [.wGate, .wUp]
        }
    }

    var gguf: String {
        switch self {
        case .wqkv: "attn_qkv.weight"
        case .wGateUp: "ffn_up.weight"
        }
    }

    var huggingFace: String {
        switch self {
        case .wqkv: "self_attn.qkv_proj.weight"
        case .wGateUp: "mlp.gate_up_proj.weight"
        }
    }
}
