import TestSupport
import Testing

@testable import Tokenization

/// Token for token the same as Hugging Face `tokenizers` and `sentencepiece`.
@Suite struct ReferenceTests {
    @Test(arguments: Family.small) func small(_ family: Family) throws { try check(family) }

    @Test(arguments: Family.folders) func folder(_ family: Family) throws { try check(family) }

    @Test(.enabled(if: TestFiles.vocabulary("llama2-spm.gguf") != nil, "no llama2-spm.gguf"))
    func llama2() throws { try check(Family.real[0]) }

    @Test(.enabled(if: TestFiles.vocabulary("llama3-bpe.gguf") != nil, "no llama3-bpe.gguf"))
    func llama3() throws { try check(Family.real[1]) }

    @Test(.enabled(if: TestFiles.vocabulary("qwen2-bpe.gguf") != nil, "no qwen2-bpe.gguf"))
    func qwen2() throws { try check(Family.real[2]) }

    @Test(.enabled(if: TestFiles.smolLM2 != nil, "SmolLM2 was not fetched"))
    func smolLM2() throws { try check(Family.real[3]) }

    private func check(_ family: Family) throws {
        let tokenizer = try family.tokenizer()
        let goldens = try family.goldens()
        let texts = try goldens.texts()
        #expect(texts.count >= 500 && texts.count == goldens.ids.count)
        checkTexts(tokenizer, texts, goldens)
        checkLong(tokenizer, goldens)
        checkDecoding(tokenizer, goldens)
    }

    private func checkTexts(_ tokenizer: Tokenizer, _ texts: [String], _ goldens: Goldens) {
        let composes = tokenizer.vocabulary.model == .byteLevelBPE(.qwen2)
        let writesSpaces = tokenizer.vocabulary.model == .sentencePiece
        let losesSpace = tokenizer.vocabulary.rules.prefixesBareTextOnly
        let spells = tokenizer.vocabulary.byteTokens.allSatisfy { $0 >= 0 }
        var special = goldens.ids
        for pair in goldens.specialIDs { special[pair.text] = pair.ids }
        for (index, text) in texts.enumerated() {
            let plain = tokenizer.encode(bytes(text), recognizeSpecial: false, addBOS: false)
            #expect(plain == goldens.ids[index], "\(text.debugDescription)")
            let recognized = tokenizer.encode(bytes(text), recognizeSpecial: true, addBOS: false)
            #expect(recognized == special[index], "\(text.debugDescription), special tokens recognized")
            if spells, !composes, !losesSpace {
                let decoded = tokenizer.decode(plain, includeSpecial: false)
                #expect(decoded == (writesSpaces ? spacesForMarks(text) : bytes(text)), "\(text.debugDescription)")
            }
        }
    }

    /// SentencePiece cannot tell U+2581 in a text from a space.
    private func spacesForMarks(_ text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { bytes($0 == "\u{2581}" ? " " : String($0)) }
    }

    private func checkLong(_ tokenizer: Tokenizer, _ goldens: Goldens) {
        for long in goldens.long {
            let text = bytes(String(repeating: long.part, count: long.count))
            let ids = tokenizer.encode(text, recognizeSpecial: false, addBOS: false)
            #expect(ids.count == long.tokens && hash(ids) == long.hash, "\(long.count) times \(long.part)")
        }
    }

    private func checkDecoding(_ tokenizer: Tokenizer, _ goldens: Goldens) {
        for decoded in goldens.decoded {
            let text = UTF8Repair.repaired(tokenizer.decode(decoded.ids, includeSpecial: false))
            #expect(text == bytes(decoded.text), "\(decoded.ids)")
        }
    }

    /// FNV-1a over ids, as the script has it.
    private func hash(_ ids: [TokenID]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for id in ids { hash = (hash ^ UInt64(id)) &* 0x100_0000_01B3 }
        let text = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
