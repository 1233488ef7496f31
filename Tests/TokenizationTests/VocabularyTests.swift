import Testing

@testable import Tokenization

@Suite struct VocabularyTests {
    private func vocabulary(
        _ model: VocabularyModel = .sentencePiece, tokens: [String] = ["<unk>", "a", "b"], scores: [Float]? = nil,
        kinds: [TokenKind]? = nil, merges: [String] = [], bos: TokenID? = nil, eos: TokenID? = nil,
        endOfGeneration: Set<TokenID> = []
    ) throws(VocabularyError) -> Vocabulary {
        try Vocabulary(
            model: model, tokens: tokens.map(bytes), scores: scores ?? tokens.map { _ in 0 },
            kinds: kinds ?? tokens.map { _ in .normal }, merges: merges.map(bytes), bos: bos, eos: eos, unknown: nil,
            padding: nil, endOfGeneration: endOfGeneration, addsBOS: true, addsEOS: false, addsSpacePrefix: false)
    }

    @Test func refusesWhatDoesNotFit() {
        #expect(throws: VocabularyError.empty) { try vocabulary(tokens: []) }
        #expect(throws: VocabularyError.countMismatch(list: "scores", count: 1, tokens: 3)) {
            try vocabulary(scores: [1])
        }
        #expect(throws: VocabularyError.countMismatch(list: "token types", count: 2, tokens: 3)) {
            try vocabulary(kinds: [.normal, .normal])
        }
        #expect(throws: VocabularyError.notANumber(token: 1)) { try vocabulary(scores: [0, .nan, 0]) }
        #expect(throws: VocabularyError.noSuchToken(role: "BOS", id: 3, tokens: 3)) { try vocabulary(bos: 3) }
        #expect(throws: VocabularyError.noSuchToken(role: "EOS", id: -1, tokens: 3)) { try vocabulary(eos: -1) }
        #expect(throws: VocabularyError.noSuchToken(role: "end-of-generation", id: 9, tokens: 3)) {
            try vocabulary(endOfGeneration: [9])
        }
        #expect(throws: VocabularyError.badByteToken(id: 1, text: "a")) {
            try vocabulary(kinds: [.unknown, .byte, .normal])
        }
        #expect(throws: VocabularyError.longSpecialToken(id: 0, bytes: 2000, limit: 1024)) {
            try vocabulary(tokens: [String(repeating: "x", count: 2000)], kinds: [.control])
        }
    }

    @Test(arguments: ["a", "a ", " a", "", "a c", "b a", "a b ", "日 a"]) func refusesBadMerge(_ merge: String) {
        #expect(throws: VocabularyError.badMerge(index: 1, text: merge)) {
            try vocabulary(.byteLevelBPE(.gpt2), tokens: ["a", "b", "ab"], merges: ["a b", merge])
        }
    }

    @Test func answersForAnyID() throws {
        let vocabulary = try vocabulary(
            tokens: ["<s>", "▁a", "<0x0A>", "x"], kinds: [.control, .normal, .byte, .unused], eos: 0)
        #expect(vocabulary.count == 4)
        #expect(vocabulary.bytes(of: 1) == bytes(" a") && vocabulary.text(of: 1) == bytes("▁a"))
        #expect(vocabulary.bytes(of: 2) == [10] && vocabulary.kind(of: 0) == .control)
        #expect(vocabulary.endsGeneration(0) && !vocabulary.endsGeneration(1))
        for id in [-1, 4, .min, .max] as [TokenID] {
            #expect(vocabulary.bytes(of: id).isEmpty && vocabulary.kind(of: id) == .unused)
            #expect(!vocabulary.contains(id) && !vocabulary.endsGeneration(id))
        }
        #expect(vocabulary.id(of: bytes("<s>")) == 0 && vocabulary.id(of: bytes("▁a")) == 1)
        #expect(vocabulary.id(of: bytes("<0x0A>")) == nil && vocabulary.id(of: bytes("y")) == nil)
    }

    /// Canonically equal texts are different tokens.
    @Test func comparesBytes() throws {
        let tokens = ["\u{E9}", "e\u{301}", "e", "\u{301}", "\u{212B}", "\u{C5}"]
        let vocabulary = try vocabulary(tokens: tokens)
        for (id, token) in tokens.enumerated() { #expect(vocabulary.id(of: bytes(token)) == TokenID(id)) }
    }

    @Test func firstOfEqualTokensIsFound() throws {
        let vocabulary = try vocabulary(tokens: ["a", "b", "a"])
        #expect(vocabulary.id(of: bytes("a")) == 0)
    }

    @Test func leavesOutWhatHasNoToken() throws {
        let vocabulary = try vocabulary(.byteLevelBPE(.gpt2), tokens: ["a", "b", "ab"], merges: ["a b"])
        let tokenizer = Tokenizer(vocabulary)
        #expect(tokenizer.encode(bytes("a?b ab"), recognizeSpecial: true, addBOS: true) == [0, 1, 2])
    }

    @Test func beginsWithBOS() throws {
        let tokenizer = Tokenizer(try vocabulary(bos: 1))
        #expect(tokenizer.encode([], recognizeSpecial: false, addBOS: true) == [1])
        #expect(tokenizer.encode([], recognizeSpecial: false, addBOS: false) == [])
        #expect(tokenizer.encode(bytes("b"), recognizeSpecial: false, addBOS: true) == [1, 2])
    }
}
