import Foundation
import ModelFiles
import TestSupport
import Testing

@testable import Tokenization

/// Tokenizers that people reported of other programs, with what transformers, `tokenizers` or llama.cpp make of texts.
@Suite struct ReportedTokenizerTests {
    private struct Expected: Decodable {
        struct Case: Decodable {
            let text: String
            let right: [TokenID]
        }
        let cases: [Case]
    }

    private func folder(_ name: String) -> String { TestFiles.fixture("reports/tokenizers/\(name)") }

    private func expected(_ name: String) throws -> [Expected.Case] {
        let url = URL(fileURLWithPath: folder(name) + "/expected.json")
        return try JSONDecoder().decode(Expected.self, from: Data(contentsOf: url)).cases
    }

    @Test(arguments: [
        "added-decoder-plain", "added-tokens-json", "hf-spm-prepend-plain-added", "legacy-false", "flags-prepend",
        "flags-metaspace-first", "flags-metaspace-always",
    ])
    func folders(_ name: String) throws {
        try check(Tokenizer(openVocabulary(path: folder(name))), try expected(name))
    }

    /// What published tokenizers do to text beside merging (see `scripts/step-goldens`).
    @Test(arguments: [
        "compatible", "bare", "replaced", "prefix-space", "behind", "words", "metaspace-split", "metaspace-first",
        "marked", "marked-whole", "tekken",
    ])
    func steps(_ name: String) throws {
        let path = TestFiles.fixture("tokenization/steps/\(name)")
        let url = URL(fileURLWithPath: "\(path)/expected.json")
        let cases = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: url)).cases
        let tokenizer = Tokenizer(try openVocabulary(path: path))
        #expect(cases.count == 60)
        for one in cases {
            let ids = tokenizer.encode(bytes(one.text), recognizeSpecial: name != "tekken", addBOS: false)
            #expect(ids == one.right, "\(one.text.debugDescription)")
        }
    }

    @Test(arguments: ["spm-user-defined", "spm-control", "bpe-smaug"])
    func files(_ name: String) throws {
        try check(Tokenizer(openVocabulary(path: folder(name) + "/model.gguf")), try expected(name))
    }

    private func check(_ tokenizer: Tokenizer, _ cases: [Expected.Case]) throws {
        try #require(!cases.isEmpty)
        for one in cases {
            let ids = tokenizer.encode(bytes(one.text), recognizeSpecial: true, addBOS: false)
            #expect(ids == one.right, "\(one.text.debugDescription)")
            let parts = tokenizer.encode([TextPart(bytes(one.text), recognizeSpecial: true)])
            #expect(parts == one.right, "\(one.text.debugDescription) as a part")
        }
    }

    /// A chat prompt is cut the same way whoever wrote its text.
    @Test func partsOfAPrompt() throws {
        let tokenizer = Tokenizer(try openVocabulary(path: folder("added-decoder-plain")))
        let parts = [("<|im_start|>user\n", true), ("hi", false), ("<|im_end|>\n<|im_start|>assistant\n", true)]
        let ids = tokenizer.encode(parts.map { TextPart(bytes($0.0), recognizeSpecial: $0.1) })
        #expect(ids == (try expected("added-decoder-plain"))[0].right)
    }

    /// Only where its number is used does a token without a row matter.
    @Test func moreTokensThanRows() throws {
        let vocabulary = try Model(path: folder("more-tokens-than-rows")).vocabulary()
        #expect(vocabulary.count == 513)
        let ids = Tokenizer(vocabulary).encode(bytes("Hello<pad>"), recognizeSpecial: true, addBOS: false)
        #expect(ids.last == 512 && ids.dropLast().allSatisfy { $0 < 512 })
    }
}
