import Figures
import Foundation
import TestSupport
import Testing

@testable import ModelFiles

@Suite struct SummaryTests {
    @Test(.enabled(if: TestFiles.smolLM2 != nil)) func smolLM2() throws {
        let summary = ModelSummary(try Model(path: #require(TestFiles.smolLM2)))
        #expect(summary.parameterCount == 134_515_008 && summary.outputHeadBytes == 0)
        #expect(summary.types.map(\.type) == ["Q4_1", "Q8_0", "F32"])
        #expect(summary.kvBytesPerToken == 2 * 2 * 30 * 192)
        #expect(Set(summary.layerBytes) == [2_216_448])
        let text = summary.lines.joined(separator: "\n")
        for fact in [
            "llama, 134.5 million parameters", "9 of 64 elements, 3 for keys and values", "theta 100000",
            "Q4_1: 210 tensors", "byte-level BPE, pre-tokenizer smollm, 49152 tokens, 48900 merges, BOS 1, EOS 2",
            "22.5 KiB per token", "2.1 MiB",
        ] {
            #expect(text.contains(fact), "\(fact) is not in\n\(text)")
        }
    }

    @Test func theTinyLlama() throws {
        let summary = ModelSummary(try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf")))
        #expect(summary.outputHeadBytes == 512 * 64 * 4 && summary.types.map(\.type) == ["F32"])
        #expect(summary.lines.contains("chat template     none"))
        #expect(summary.lines.contains("tokenizer         SentencePiece BPE, 512 tokens, BOS 1, EOS 2"))
        #expect(try JSONEncoder().encode(summary).count > 100)
    }

    @Test func sizesInSuitableUnits() {
        #expect(0.byteText == "0 bytes" && 1023.byteText == "1023 bytes" && 1024.byteText == "1.0 KiB")
        #expect(3_825_807_360.byteText == "3.6 GiB" && Int.max.byteText == "8388608.0 TiB")
    }
}
