import TestSupport
import Testing

@testable import ModelFiles

@Suite struct ModelTests {
    @Test func opensTheTinyLlama() throws {
        let model = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        let expected = ModelConfiguration(
            architecture: "llama", name: "Llama2", layerCount: 3, hiddenSize: 64, intermediateSize: 192, headCount: 4,
            kvHeadCount: 4, headDim: 16, vocabSize: 512, contextLength: 512, rmsNormEpsilon: 1e-5,
            rope: RotaryConfiguration(theta: 10_000, dimensionCount: 16, pairing: .adjacent),
            hasTiedOutputHead: false)
        #expect(model.configuration == expected)
        #expect(model.layer(2)[.wDown].name == "blk.2.ffn_down.weight")
        #expect(model.layer(2)[.wDown].rows == 64 && model.layer(2)[.wDown].columns == 192)
        #expect(model.layer(0)[.attentionNorm].rows == 1 && model.layer(0)[.attentionNorm].columns == 64)
        #expect(model.outputHead.name == "output.weight")
        #expect(model.chatTemplate == nil)
    }

    @Test(.enabled(if: TestFiles.smolLM2 != nil)) func opensSmolLM2() throws {
        let model = try Model(path: #require(TestFiles.smolLM2))
        #expect(model.configuration.hasTiedOutputHead)
        #expect(model.outputHead.name == "token_embd.weight" && model.outputHead.type == .q8_0)
        #expect(model.configuration.layerCount == 30 && model.configuration.kvHeadCount == 3)
        #expect(model.configuration.rope.theta == 100_000)
        #expect(model.layer(29)[.wk].type == .q4_1 && model.layer(29)[.wk].rows == 192)
        #expect(model.chatTemplate?.contains("<|im_start|>") == true)
    }
}
