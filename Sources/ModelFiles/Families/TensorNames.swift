/// The weights of a decoder layer as files have them; a family has some of them.
enum LayerPart: Sendable, Hashable, CaseIterable {
    case attentionNorm, wq, wk, wv, wqkv, bq, bk, bv, queryNorm, keyNorm, wo, bo
    case ffnNorm, wGate, wUp, wGateUp, wDown
}

/// How a file format names a model's tensors. Families share the names of their format.
struct TensorNames: Sendable {
    let tokenEmbedding: String
    let outputNorm: String
    let outputHead: String
    private let layerPrefix: String
    private let parts: [LayerPart: String]

    /// The name of a part of layer `index`.
    func name(_ part: LayerPart, layer index: Int) -> String { "\(layerPrefix)\(index).\(parts[part]!)" }

    static let gguf = TensorNames(
        tokenEmbedding: "token_embd.weight", outputNorm: "output_norm.weight", outputHead: "output.weight",
        layerPrefix: "blk.",
        parts: [
            .attentionNorm: "attn_norm.weight", .wq: "attn_q.weight", .wk: "attn_k.weight", .wv: "attn_v.weight",
            .wqkv: "attn_qkv.weight", .bq: "attn_q.bias", .bk: "attn_k.bias", .bv: "attn_v.bias",
            .queryNorm: "attn_q_norm.weight", .keyNorm: "attn_k_norm.weight", .wo: "attn_output.weight",
            .bo: "attn_output.bias", .ffnNorm: "ffn_norm.weight", .wGate: "ffn_gate.weight",
            .wUp: "ffn_up.weight", .wGateUp: "ffn_up.weight", .wDown: "ffn_down.weight",
        ])

    static let huggingFace = TensorNames(
        tokenEmbedding: "model.embed_tokens.weight", outputNorm: "model.norm.weight", outputHead: "lm_head.weight",
        layerPrefix: "model.layers.",
        parts: [
            .attentionNorm: "input_layernorm.weight", .wq: "self_attn.q_proj.weight", .wk: "self_attn.k_proj.weight",
            .wv: "self_attn.v_proj.weight", .wqkv: "self_attn.qkv_proj.weight", .bq: "self_attn.q_proj.bias",
            .bk: "self_attn.k_proj.bias", .bv: "self_attn.v_proj.bias", .queryNorm: "self_attn.q_norm.weight",
            .keyNorm: "self_attn.k_norm.weight", .wo: "self_attn.o_proj.weight", .bo: "self_attn.o_proj.bias",
            .ffnNorm: "post_attention_layernorm.weight", .wGate: "mlp.gate_proj.weight", .wUp: "mlp.up_proj.weight",
            .wGateUp: "mlp.gate_up_proj.weight", .wDown: "mlp.down_proj.weight",
        ])

    /// Tables of rotary frequencies are read with the configuration or repeat what it says; a tied head that was stored
    /// all the same repeats the embedding.
    func isHarmless(_ name: String) -> Bool {
        name == outputHead || [GGUFRotary.factors, GGUFRotary.longFactors, GGUFRotary.shortFactors].contains(name)
            || (name.hasPrefix(layerPrefix)
                && (name.contains(".attn_rot_embd") || name.hasSuffix(".rotary_emb.inv_freq")))
    }
}
