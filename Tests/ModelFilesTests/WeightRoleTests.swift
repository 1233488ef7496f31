import Testing

@testable import ModelFiles

/// The list of weights agrees with itself and with what files are called.
@Suite struct WeightRoleTests {
    @Test func namesAreDifferent() {
        let roles = WeightRole.allCases
        #expect(Set(roles.map { "\($0.rule.gguf) \($0.rule.part == .ends)" }).count == roles.count)
        #expect(Set(roles.map(\.rule.huggingFace)).count == roles.count)
        #expect(TensorNames.gguf.name(.weight(.wDown, layer: 2)) == "blk.2.ffn_down.weight")
        #expect(TensorNames.huggingFace.name(.fused(.wqkv, layer: 3)) == "model.layers.3.self_attn.qkv_proj.weight")
        #expect(TensorNames.gguf.name(.weight(.outputHead, layer: nil)) == "output.weight")
    }

    /// The order of a layer's tensors in files that are written, and in the hash by which ranks compare models.
    @Test func orderStays() {
        #expect(
            WeightRole.ofLayer == [
                .attentionNorm, .wq, .wk, .wv, .bq, .bk, .bv, .queryNorm, .keyNorm, .wo, .bo, .ffnNorm, .wGate, .wUp,
                .wDown, .bGate, .bUp, .bDown,
            ])
        #expect(
            ModelFamily.phi3.tensors(ofLayer: 0) == [
                .weight(.attentionNorm, layer: 0), .fused(.wqkv, layer: 0), .weight(.wo, layer: 0),
                .weight(.ffnNorm, layer: 0), .fused(.wGateUp, layer: 0), .weight(.wDown, layer: 0),
            ])
    }

    /// Whatever meets the elements of queries and keys before they are rotated has them in the same order.
    @Test func pairsAreFollowed() {
        #expect(WeightRole.allCases.filter { $0.rule.followsPairing } == [.wq, .wk, .bq, .bk, .queryNorm, .keyNorm])
    }

    @Test func weightsOfEveryLayer() {
        #expect(WeightRole.ofEveryLayer == [.attentionNorm, .wq, .wk, .wv, .wo, .ffnNorm, .wGate, .wUp, .wDown])
    }

    @Test func matricesAreMultipliedWithRowsOfTheirWidth() {
        for role in WeightRole.allCases {
            let rule = role.rule
            #expect((rule.product == nil) == (rule.rows == nil) || role == .tokenEmbedding, "\(role)")
        }
        for fused in [FusedMatrix.wqkv, .wGateUp] {
            #expect(Set(fused.parts.map(\.rule.columns)).count == 1)
            // Traps where their scales differ.
            _ = ActivationPrecision.shared(by: fused.parts)
        }
        #expect(ActivationPrecision.shared(by: [.wq, .wk, .wv]) == .halvesAndRemainders)
    }

    @Test("A share of a matrix is whole heads and whole blocks", arguments: [8, 20, 32, 48, 80, 128])
    func shares(headDim: Int) {
        var configuration = ModelConfiguration(
            architecture: "llama", name: "", layerCount: 1, hiddenSize: 256, intermediateSize: 512, headCount: 8,
            kvHeadCount: 4, headDim: headDim, vocabSize: 10, contextLength: 10, rmsNormEpsilon: 1e-5,
            rope: RotaryConfiguration(theta: 10_000, dimensionCount: 8, pairing: .halves), hasTiedOutputHead: false)
        configuration.valueDim = 64
        for role in [WeightRole.wq, .wk] {
            let rows = role.rule.rowsPerShare(configuration)
            #expect(rows % headDim == 0 && rows % 32 == 0 && rows <= 32 * headDim)
        }
        #expect(WeightRole.wv.rule.rowsPerShare(configuration) == 64)
        #expect(WeightRole.wv.rule.rows?.size(configuration) == 256)
        #expect(WeightRole.wo.rule.columns.size(configuration) == 512)
        #expect(WeightRole.wGate.rule.rowsPerShare(configuration) == 32)
        #expect(WeightRole.wDown.rule.rowsPerShare(configuration) == 16)
        #expect(configuration.kvElementsPerTokenAndLayer == 4 * (headDim + 64))
    }
}
