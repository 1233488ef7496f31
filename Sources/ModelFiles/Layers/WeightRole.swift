/// The weights of a model, in the order in which a token meets them: the one list that readers, memory, slices, export,
/// synthetic models, plans and the forward pass walk. A model has those that its family has.
///
/// A weight of a new kind is a case here and its line in ``rule``. What the forward pass does with it stands where it is used.
public enum WeightRole: Sendable, Hashable, CaseIterable {
    case tokenEmbedding

    // Attention, once for each layer.
    case attentionNorm
    case wq, wk, wv
    case bq, bk, bv
    case queryNorm, keyNorm
    case wo, bo

    // The feed-forward network, once for each layer.
    case ffnNorm
    case wGate, wUp, wDown
    case bGate, bUp, bDown

    case outputNorm, outputHead
}

extension WeightRole {
    /// What is to know of the weight.
    public var rule: WeightRule {
        switch self {
        case .tokenEmbedding:
            .table(.ends, "token_embd.weight", "model.embed_tokens.weight", [.vocabulary, .hidden])

        case .attentionNorm: .vector(.attention, "attn_norm.weight", "input_layernorm.weight", .hidden)
        case .wq:
            .matrix(
                .attention, "attn_q.weight", "self_attn.q_proj.weight", [.queries, .hidden],
                .halves, split: .heads)
        case .wk:
            .matrix(
                .attention, "attn_k.weight", "self_attn.k_proj.weight", [.keys, .hidden],
                .halvesAndRemainders, split: .heads)
        case .wv:
            .matrix(
                .attention, "attn_v.weight", "self_attn.v_proj.weight", [.values, .hidden],
                .halvesAndRemainders, split: .heads)
        case .bq: .vector(.attention, "attn_q.bias", "self_attn.q_proj.bias", .queries)
        case .bk: .vector(.attention, "attn_k.bias", "self_attn.k_proj.bias", .keys)
        case .bv: .vector(.attention, "attn_v.bias", "self_attn.v_proj.bias", .values)
        case .queryNorm: .vector(.attention, "attn_q_norm.weight", "self_attn.q_norm.weight", .head)
        case .keyNorm: .vector(.attention, "attn_k_norm.weight", "self_attn.k_norm.weight", .head)
        case .wo:
            .matrix(
                .attention, "attn_output.weight", "self_attn.o_proj.weight", [.hidden, .attended],
                .plain, split: .groups)
        case .bo: .vector(.attention, "attn_output.bias", "self_attn.o_proj.bias", .hidden)

        case .ffnNorm: .vector(.dense, "ffn_norm.weight", "post_attention_layernorm.weight", .hidden)
        case .wGate:
            .matrix(
                .dense, "ffn_gate.weight", "mlp.gate_proj.weight", [.intermediate, .hidden],
                .plain, split: .blocks)
        case .wUp:
            .matrix(
                .dense, "ffn_up.weight", "mlp.up_proj.weight", [.intermediate, .hidden],
                .plain, split: .blocks)
        case .wDown:
            .matrix(
                .dense, "ffn_down.weight", "mlp.down_proj.weight", [.hidden, .intermediate],
                .halves, split: .groups)
        case .bGate: .vector(.dense, "ffn_gate.bias", "mlp.gate_proj.bias", .intermediate)
        case .bUp: .vector(.dense, "ffn_up.bias", "mlp.up_proj.bias", .intermediate)
        case .bDown: .vector(.dense, "ffn_down.bias", "mlp.down_proj.bias", .hidden)

        case .outputNorm: .vector(.ends, "output_norm.weight", "model.norm.weight", .hidden)
        case .outputHead:
            .matrix(
                .ends, "output.weight", "lm_head.weight", [.vocabulary, .hidden],
                .remainders, split: .groups)
        }
    }

    /// Those of a decoder layer.
    static let ofLayer = allCases.filter { $0.rule.part != .ends }

    /// Those that a decoder layer has in every family.
    public static let ofEveryLayer = ofLayer.filter { role in
        ModelFamily.all.allSatisfy { $0.presence(of: role) == .always }
    }
}
