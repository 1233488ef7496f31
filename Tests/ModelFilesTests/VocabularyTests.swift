import TestSupport
import Testing
import Tokenization

@testable import ModelFiles

private func vocabulary(changing changes: [String: GGUFValue?] = [:]) throws -> Vocabulary {
    let file = TemporaryFile()
    try GGUFWriter(path: file.path, metadata: tinyTokenizer(changing: changes), tensors: []).finish()
    return try GGUFFile(path: file.path).vocabulary()
}

private func problem(changing changes: [String: GGUFValue?]) -> ModelFileProblem? {
    do {
        _ = try vocabulary(changing: changes)
        return nil
    } catch { return (error as? ModelFileError)?.problem }
}

private let byteLevel: [String: GGUFValue?] = [
    "model": .string("gpt2"), "scores": nil, "merges": .strings(["a b"]), "pre": .string("llama-bpe"),
]

@Suite struct VocabularyTests {
    @Test func sentencePieceDefaults() throws {
        let vocabulary = try vocabulary()
        #expect(vocabulary.model == .sentencePiece && vocabulary.count == 8)
        #expect(vocabulary.bos == 1 && vocabulary.eos == 2 && vocabulary.unknown == 0 && vocabulary.padding == nil)
        #expect(vocabulary.addsBOS && !vocabulary.addsEOS && vocabulary.addsSpacePrefix)
        #expect(vocabulary.endOfGeneration == [2, 7])
        #expect(vocabulary.kind(of: 3) == .byte && vocabulary.kind(of: 0) == .unknown)
    }

    @Test func byteLevelDefaults() throws {
        let llama3 = try vocabulary(changing: byteLevel)
        #expect(llama3.model == .byteLevelBPE(.llamaBPE))
        #expect(llama3.addsBOS && !llama3.addsSpacePrefix && llama3.bos == nil && llama3.eos == nil)
        let qwen = try vocabulary(changing: byteLevel.merging(["pre": .string("qwen2")]) { $1 })
        #expect(qwen.model == .byteLevelBPE(.qwen2) && !qwen.addsBOS)
        let old = try vocabulary(changing: byteLevel.merging(["pre": nil]) { $1 })
        #expect(old.model == .byteLevelBPE(.standard))
        let synonym = try vocabulary(changing: byteLevel.merging(["pre": .string("llama-v3")]) { $1 })
        #expect(synonym.model == .byteLevelBPE(.llamaBPE))
    }

    @Test func theFileHasTheLastWord() throws {
        let vocabulary = try vocabulary(changing: [
            "add_bos_token": .bool(false), "add_eos_token": .bool(true), "add_space_prefix": .bool(false),
            "bos_token_id": .uint32(4), "eos_token_id": .int32(5), "eot_token_id": .uint32(6),
            "padding_token_id": .uint32(.max), "unknown_token_id": .uint32(3),
        ])
        #expect(!vocabulary.addsBOS && vocabulary.addsEOS && !vocabulary.addsSpacePrefix)
        #expect(vocabulary.bos == 4 && vocabulary.eos == 5 && vocabulary.unknown == 3 && vocabulary.padding == nil)
        #expect(vocabulary.endOfGeneration == [2, 5, 6, 7])
    }

    /// Files say of ends of turns that they are text, or nothing: they end turns all the same.
    @Test func endsOfTurnsAreControlTokens() throws {
        for types in [GGUFValue.int32s([2, 3, 3, 6, 1, 1, 1, 1]), .int32s([2, 3, 3, 6, 1, 1, 1, 4]), nil] {
            let vocabulary = try vocabulary(changing: ["token_type": types])
            #expect(vocabulary.endOfGeneration == [2, 7])
            #expect(vocabulary.kind(of: 7) == .control && vocabulary.kind(of: 3) == .byte)
        }
        let byte = try vocabulary(changing: ["token_type": .int32s([2, 3, 3, 6, 1, 1, 1, 5])])
        #expect(byte.endOfGeneration == [2] && byte.kind(of: 7) == .unused)
    }

    /// As text of byte-level vocabularies `</s>` is no end.
    @Test func textThatLooksLikeAnEndIsNone() throws {
        let types = GGUFValue.int32s([1, 1, 1, 1, 1, 1, 1, 3])
        #expect(try vocabulary(changing: byteLevel.merging(["token_type": types]) { $1 }).endOfGeneration == [7])
    }

    @Test func preTokenizersByWhatTheyDo() throws {
        func named(_ name: String) throws -> Vocabulary {
            try vocabulary(changing: byteLevel.merging(["pre": .string(name)]) { $1 })
        }
        for name in ["pixtral", "falcon-h1", "lfm2", "midm-2.0", "jina-v5-nano"] {
            let vocabulary = try named(name)
            #expect(vocabulary.model == .byteLevelBPE(.llamaBPE) && vocabulary.addsBOS)
            #expect(vocabulary.rules.takesWholePieces == true)
        }
        for name in ["smaug-bpe", "dbrx", "glm4", "chatglm-bpe"] {
            let vocabulary = try named(name)
            #expect(vocabulary.model == .byteLevelBPE(.llamaBPE) && !vocabulary.addsBOS)
            #expect(vocabulary.rules.takesWholePieces == false)
        }
        for name in ["megrez", "stablelm2", "hunyuan", "grok-2"] {
            let vocabulary = try named(name)
            #expect(vocabulary.model == .byteLevelBPE(.qwen2) && vocabulary.rules.composesText == false)
        }
        for (name, pattern) in [
            ("mellum", PreTokenizer.gpt2), ("jina-v2-code", .gpt2), ("olmo", .gpt2), ("command-r", .smollm),
            ("starcoder", .smollm), ("llama4", .gpt4o), ("minimax-m2", .gpt4o), ("tekken", .tekken),
        ] {
            #expect(try named(name).model == .byteLevelBPE(pattern))
        }
    }

    /// Names of patterns, with what llama.cpp does beside cutting.
    @Test func namedPatterns() throws {
        for (names, _) in NamedPatterns.all {
            for name in names {
                let vocabulary = try vocabulary(changing: byteLevel.merging(["pre": .string(name)]) { $1 })
                #expect(vocabulary.model == .byteLevelBPE(.split) && vocabulary.rules.composesText == false, "\(name)")
                #expect(vocabulary.rules.takesWholePieces == ["minicpm5", "youtu"].contains(name), "\(name)")
                #expect(vocabulary.addsBOS == (name == "chameleon"), "\(name)")
            }
        }
    }

    /// Merges of text that is not byte-level, cut at newlines, with bytes for what no token spells.
    @Test(arguments: ["gemma4", "sarvam-moe"])
    func spacesAsMarks(_ name: String) throws {
        let tokens = ["<unk>", "<s>", "</s>", "a", "b", "\u{2581}", "\n", "ab", "\u{2581}ab", "<tool>"]
        let bytes = (0..<256).map { "<0x" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) + ">" }
        let vocabulary = try vocabulary(changing: [
            "model": .string(name == "gemma4" ? name : "gpt2"), "pre": .string(name), "scores": nil,
            "tokens": .strings(tokens + bytes),
            "token_type": .int32s([2, 3, 3, 1, 1, 1, 1, 1, 1, 4] + bytes.map { _ in 6 }),
            "merges": .strings(["a b", "\u{2581} ab"]),
        ])
        let tokenizer = Tokenizer(vocabulary)
        let ids = tokenizer.encode(Array("ab ab\nb<tool>é".utf8), recognizeSpecial: false, addBOS: false)
        #expect(ids == [7, 8, 6, 4, 9, TokenID(10 + 0xC3), TokenID(10 + 0xA9)])
        #expect(tokenizer.decode(ids, includeSpecial: false) == Array("ab ab\nb<tool>é".utf8))
    }

    @Test func problemsHaveNames() {
        #expect(problem(changing: ["model": nil]) == .noTokenizer)
        #expect(
            problem(changing: ["model": .string("bert")])
                == .unsupportedTokenizer("the tokenizer 'bert'", supported: ["llama", "gpt2", "gemma4"]))
        #expect(
            problem(changing: byteLevel.merging(["pre": .string("bespoke")]) { $1 })
                == .unsupportedTokenizer("the pre-tokenizer 'bespoke'", supported: PreTokenizerName.all))
        for broken: [String: GGUFValue?] in [
            ["tokens": nil], ["tokens": .uint32(1)], ["tokens": .strings([])], ["scores": nil],
            ["scores": .floats([1])], ["scores": .strings(["x"])], ["token_type": .int32s([1])],
            ["token_type": .string("x")], ["eos_token_id": .string("x")], ["add_bos_token": .uint32(1)],
            byteLevel.merging(["merges": nil]) { $1 }, byteLevel.merging(["merges": .strings(["a q"])]) { $1 },
        ] {
            #expect(problem(changing: broken) != nil, "\(broken)")
        }
    }

    @Test func theTinyLlama() throws {
        let vocabulary = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf")).vocabulary()
        #expect(vocabulary.count == 512 && vocabulary.bos == 1 && vocabulary.endOfGeneration == [2])
    }

    @Test(.enabled(if: TestFiles.smolLM2 != nil)) func smolLM2() throws {
        let vocabulary = try Model(path: #require(TestFiles.smolLM2)).vocabulary()
        #expect(vocabulary.model == .byteLevelBPE(.smollm) && vocabulary.count == 49_152)
        #expect(vocabulary.endOfGeneration == [0, 2] && !vocabulary.addsBOS)
    }

    @Test(
        .enabled(if: TestFiles.vocabulary("llama2-spm.gguf") != nil),
        arguments: [
            ("llama2-spm.gguf", VocabularyModel.sentencePiece, 32_000, [2] as Set<TokenID>),
            ("llama3-bpe.gguf", .byteLevelBPE(.llamaBPE), 128_256, [128_001, 128_009] as Set<TokenID>),
            ("qwen2-bpe.gguf", .byteLevelBPE(.qwen2), 151_936, [151_643, 151_645] as Set<TokenID>),
        ])
    func vocabulariesWithoutWeights(_ name: String, model: VocabularyModel, count: Int, ends: Set<TokenID>) throws {
        let vocabulary = try GGUFFile(path: #require(TestFiles.vocabulary(name))).vocabulary()
        #expect(vocabulary.model == model && vocabulary.count == count)
        #expect(vocabulary.endOfGeneration == ends)
    }

    @Test func aTokenizerOfAnotherSizeThanTheEmbedding() throws {
        let source = try GGUFFile(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        var metadata = source.keys.filter { !$0.hasPrefix("tokenizer.ggml.scores") }.map { ($0, source[$0]!) }
        metadata.removeAll { $0.0 == "tokenizer.ggml.tokens" || $0.0 == "tokenizer.ggml.token_type" }
        metadata.append(("tokenizer.ggml.tokens", .strings(["<unk>", "<s>", "</s>"])))
        metadata.append(("tokenizer.ggml.scores", .floats([0, 0, 0])))
        let file = TemporaryFile()
        try copyTensors(of: source, to: file.path, metadata: metadata)
        let model = try Model(path: file.path)
        #expect {
            _ = try model.vocabulary()
        } throws: {
            "\($0)".contains("has 3 tokens but the embedding 512 rows")
        }
    }
}
