import Foundation
import TestSupport
import Testing
import Tokenization

@testable import ModelFiles

/// What surrounds a tokenizer in a folder; that its ids are right is tested with the tokenizers' goldens.
@Suite struct FolderTokenizerTests {
    private func folder(_ tokenizer: String = "tokenization/llama-bpe") throws -> FolderVariant {
        try FolderVariant(tokenizer)
    }

    private func problem(_ folder: FolderVariant) -> ModelFileProblem? {
        do {
            _ = try openVocabulary(path: folder.path)
            return nil
        } catch { return error.problem }
    }

    @Test func endsOfGeneration() throws {
        let folder = try folder()
        let plain = try openVocabulary(path: folder.path)
        let named = ["<|end_of_text|>", "<|eot_id|>"].compactMap { plain.id(of: Array($0.utf8)) }
        #expect(plain.endOfGeneration == Set(named) && plain.eos == nil && !plain.addsBOS)
        try folder.write("generation_config.json", #"{"eos_token_id": [7, 8, 100000]}"#)
        try folder.write(
            "tokenizer_config.json",
            #"{"eos_token": {"content": "<|eot_id|>"}, "bos_token": "<|begin_of_text|>", "add_bos_token": true}"#)
        let vocabulary = try openVocabulary(path: folder.path)
        #expect(vocabulary.endOfGeneration == Set(named + [7, 8]))
        #expect(vocabulary.eos == named[1] && vocabulary.addsBOS)
        #expect(vocabulary.bos == plain.id(of: Array("<|begin_of_text|>".utf8)))
    }

    @Test func theTemplateProcessorAddsBOS() throws {
        let folder = try folder()
        let text = String(decoding: folder.bytes("tokenizer.json"), as: UTF8.self)
        let template =
            #"{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|begin_of_text|>", "type_id": 0}},"#
            + #"{"Sequence": {"id": "A", "type_id": 0}}], "pair": [], "special_tokens": {}}"#
        try folder.write(
            "tokenizer.json", text.replacing(#""post_processor":null"#, with: "\"post_processor\":\(template)"))
        #expect(try openVocabulary(path: folder.path).addsBOS)
    }

    @Test func addedTokensOfTheSettings() throws {
        let folder = try folder()
        let count = try openVocabulary(path: folder.path).count
        try folder.write(
            "tokenizer_config.json",
            #"{"added_tokens_decoder": {"\#(count + 2)": {"content": "<|x|>", "special": true, "rstrip": true}}}"#)
        let tokenizer = Tokenizer(try openVocabulary(path: folder.path))
        #expect(tokenizer.vocabulary.count == count + 3 && tokenizer.vocabulary.kind(of: TokenID(count)) == .unused)
        let ids = tokenizer.encode(Array("a<|x|> \n\u{A0}b".utf8), recognizeSpecial: true, addBOS: false)
        #expect(ids.count == 3 && ids[1] == TokenID(count + 2))
        #expect(tokenizer.decode([ids[2]], includeSpecial: false) == Array("b".utf8))
    }

    @Test func specialTokensOfTheMap() throws {
        let folder = try FolderVariant("reports/tokenizers/added-tokens-json")
        try folder.write(
            "special_tokens_map.json",
            """
            {"bos_token": "<|im_start|>", "eos_token": {"content": "<|im_end|>", "rstrip": true},
             "pad_token": "<pad>", "additional_special_tokens": ["<|im_start|>", "<tool>"]}
            """)
        let tokenizer = Tokenizer(try openVocabulary(path: folder.path))
        let vocabulary = tokenizer.vocabulary
        #expect(vocabulary.bos == 513 && vocabulary.eos == 512 && vocabulary.padding == 514 && vocabulary.count == 516)
        #expect((512...515).allSatisfy { vocabulary.kind(of: $0) == .control })
        #expect(vocabulary.endOfGeneration == [2, 512])
        let ids = tokenizer.encode(Array("<tool><|im_end|> \n<pad>".utf8), recognizeSpecial: true, addBOS: false)
        #expect(ids == [515, 512, 514])
    }

    @Test func plainTextThatPadsStaysText() throws {
        let folder = try folder()
        let plain = try openVocabulary(path: folder.path)
        try folder.write("tokenizer_config.json", #"{"pad_token": "!"}"#)
        let vocabulary = try openVocabulary(path: folder.path)
        #expect(vocabulary.padding == plain.id(of: Array("!".utf8)) && vocabulary.count == plain.count)
        #expect(vocabulary.padding.map { vocabulary.kind(of: $0) } == .normal)
    }

    @Test func vocabularyAndMerges() throws {
        let folder = try folder()
        folder.remove("tokenizer.json")
        try folder.write("vocab.json", #"{"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3}"#)
        try folder.write("merges.txt", "#version: 0.2\na b\n")
        let tokenizer = Tokenizer(try openVocabulary(path: folder.path))
        #expect(tokenizer.vocabulary.model == .byteLevelBPE(.gpt2) && !tokenizer.vocabulary.addsBOS)
        #expect(tokenizer.encode(Array("aba".utf8), recognizeSpecial: true, addBOS: false) == [2, 0])
        #expect(tokenizer.vocabulary.endOfGeneration == [3])
        try folder.write("tokenizer_config.json", #"{"tokenizer_class": "Qwen2Tokenizer"}"#)
        #expect(try openVocabulary(path: folder.path).model == .byteLevelBPE(.qwen2))
        try folder.write("tokenizer_config.json", #"{"tokenizer_class": "BartTokenizer"}"#)
        #expect(problem(folder) != nil)
    }

    @Test func tokensFillTheEmbedding() throws {
        let folder = try FolderVariant("families/llama31")
        try folder.write("tokenizer.json", bytes: try FolderVariant("tokenization/llama-bpe").bytes("tokenizer.json"))
        // 256 rows are too few for that vocabulary: its other tokens are known, and refused where they are used.
        #expect(try folder.open().vocabulary().count > 256)
        try folder.write(
            "tokenizer.json",
            """
            {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]},
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}}
            """)
        let vocabulary = try folder.open().vocabulary()
        #expect(vocabulary.count == 256 && vocabulary.kind(of: 200) == .unused)
        #expect(Tokenizer(vocabulary).encode([0x61, 0x62, 0x61], recognizeSpecial: true, addBOS: false) == [2, 0])
    }

    @Test func templates() throws {
        let folder = try FolderVariant()
        #expect(try folder.open().chatTemplate == nil)
        try folder.write("chat_template.json", #"{"chat_template": "three"}"#)
        #expect(try folder.open().chatTemplate == "three")
        try folder.write(
            "tokenizer_config.json",
            #"{"chat_template": [{"name": "tool_use", "template": "x"}, {"name": "default", "template": "two"}]}"#)
        #expect(try folder.open().chatTemplate == "two")
        #expect(try folder.open().namedChatTemplate("tool_use") == "x")
        try folder.write("chat_template.jinja", "one {{ é }}\n")
        #expect(try folder.open().chatTemplate == "one {{ é }}\n")
        // It takes the place of the list.
        #expect(try folder.open().namedChatTemplate("tool_use") == nil)
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/additional_chat_templates", withIntermediateDirectories: true)
        try folder.write("additional_chat_templates/tool_use.jinja", "tools")
        #expect(try folder.open().chatTemplate == "one {{ é }}\n")
        #expect(try folder.open().namedChatTemplate("tool_use") == "tools")
        folder.remove("chat_template.jinja")
        #expect(try folder.open().chatTemplate == nil)
    }

    @Test func sentencePieceWhereTheOtherCannotBeUsed() throws {
        let folder = try FolderVariant("llama2")
        try folder.write("tokenizer.json", #"{"model": {"type": "Unigram", "vocab": [["a", 0]]}}"#)
        #expect(try openVocabulary(path: folder.path).count == 512)
        folder.remove("tokenizer.model")
        #expect(problem(folder) == .unsupportedTokenizer("the tokenizer 'Unigram'", supported: ["BPE"]))
        folder.remove("tokenizer.json")
        #expect(problem(folder) == .noTokenizer)
    }

    @Test func whatIsNotSupported() throws {
        let model = #""model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}"#
        let byteLevel = #""pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}"#
        for text in [
            #"{"model": {"type": "WordPiece", "vocab": {}}}"#, "{\(model)}", "{}",
            #"{\#(model), "pre_tokenizer": {"type": "Whitespace"}}"#,
            #"{\#(model), "pre_tokenizer": {"type": "BertPreTokenizer"}}"#,
            #"{\#(model), "pre_tokenizer": {"type": "UnicodeScripts"}}"#,
            #"{\#(model), \#(byteLevel), "normalizer": {"type": "Precompiled", "precompiled_charsmap": ""}}"#,
            #"{\#(model), \#(byteLevel), "normalizer": {"type": "BertNormalizer"}}"#,
            #"{\#(model), "normalizer": {"type": "Prepend", "prepend": "_"}}"#,
            #"{\#(model), "pre_tokenizer": {"type": "Metaspace", "replacement": "_", "split": true}}"#,
            #"{\#(model), "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "ByteLevel"}, {"type": "Digits"}]}}"#,
            #"{\#(model), "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern":"#
                + #"{"Regex": "(x)\\1"}}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}}"#,
        ] {
            let folder = try folder()
            try folder.write("tokenizer.json", text)
            #expect(problem(folder) != nil, "\(text)")
        }
    }

    @Test func tekken() throws {
        let folder = try FolderVariant("tokenization/steps/tekken")
        let vocabulary = try openVocabulary(path: folder.path)
        #expect(vocabulary.model == .byteLevelBPE(.tekken) && vocabulary.addsBOS)
        #expect(vocabulary.bos == 1 && vocabulary.eos == 2 && vocabulary.unknown == 0 && vocabulary.padding == 11)
        #expect(vocabulary.endOfGeneration == [2])
        #expect(vocabulary.text(of: 3) == Array("[INST]".utf8) && vocabulary.kind(of: 3) == .control)
        #expect(vocabulary.kind(of: 19) == .control && vocabulary.kind(of: 40) == .normal)
        // tokenizer.json counts before it, tokenizer.model behind it.
        try folder.write("tokenizer.json", bytes: try FolderVariant("tokenization/llama-bpe").bytes("tokenizer.json"))
        #expect(try openVocabulary(path: folder.path).model == .byteLevelBPE(.llamaBPE))
        folder.remove("tokenizer.json")
        try folder.write("tokenizer.model", bytes: try FolderVariant("llama2").bytes("tokenizer.model"))
        #expect(try openVocabulary(path: folder.path).model == .byteLevelBPE(.tekken))
        folder.remove("tokenizer.model")
        let text = String(decoding: folder.bytes("tekken.json"), as: UTF8.self)
        for (part, other) in [
            (#""AA==""#, #""A?==""#), (#""rank": 5,"#, #""rank": 6,"#),
            (#""default_vocab_size": "#, #""default_vocab_size": 9"#),
            (#""default_num_special_tokens": "#, #""default_num_special_tokens": 999"#),
            (#""pattern""#, #""no_pattern""#),
        ] {
            try folder.write("tekken.json", text.replacing(part, with: other))
            #expect(problem(folder) != nil, "\(other)")
        }
    }

    /// tekken.json, the GGUF that it becomes, and a tokenizer.json with the same tokens cut and merge alike.
    @Test func tekkenAsGGUF() throws {
        let path = TestFiles.fixture("tokenization/steps/tekken")
        let folder = Tokenizer(try openVocabulary(path: path))
        let file = TemporaryFile()
        let metadata = try HuggingFaceTokenizer(folder: path).exportedMetadata(count: folder.vocabulary.count)
        try GGUFWriter(path: file.path, metadata: metadata, tensors: []).finish()
        let converted = Tokenizer(try GGUFFile(path: file.path).vocabulary())
        #expect(converted.vocabulary.rules.takesWholePieces == true && converted.vocabulary.addsBOS)
        #expect(converted.vocabulary.mergeCount > 0 && folder.vocabulary.mergeCount == 0)
        for text in ["Hello wörld 12345", " Gesellschaft", "x Gesellschaft\n\n", "aBcABC日本", "[INST] hello [/INST]"] {
            for special in [false, true] {
                #expect(
                    folder.encode(Array(text.utf8), recognizeSpecial: special, addBOS: true)
                        == converted.encode(Array(text.utf8), recognizeSpecial: special, addBOS: true), "\(text)")
            }
        }
    }

    /// What looks for whole pieces is written under a name that does, and the other way round; where GGUF has no such name, only
    /// a vocabulary whose merges make all tokens is written.
    @Test func wholePiecesAndMergesInGGUF() throws {
        func exported(_ name: String, wholePieces: Bool, merges: String = #"["a b"]"#, pattern: String) throws
            -> String?
        {
            let folder = try folder()
            try folder.write(
                "tokenizer.json",
                """
                {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": \(merges), "ignore_merges": \(wholePieces)},
                 "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": \(pattern)},
                 "behavior": "Isolated", "invert": false}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}}
                """)
            let metadata = try HuggingFaceTokenizer(folder: folder.path).exportedMetadata(count: 3)
            return metadata.first { $0.key == "tokenizer.ggml.pre" }?.value.string
        }
        let llama =
            #""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"#
            + #"|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+""#
        #expect(try exported("llama", wholePieces: true, pattern: llama) == "llama-bpe")
        #expect(try exported("llama", wholePieces: false, pattern: llama) == "smaug-bpe")
        let poro = #"" ?[^(\\s|.,!?…。，、।۔،)]+""#
        #expect(try exported("poro", wholePieces: false, pattern: poro) == "poro-chat")
        #expect(try exported("poro", wholePieces: true, pattern: poro) == "poro-chat")
        #expect(throws: ModelFileError.self) { try exported("poro", wholePieces: true, merges: "[]", pattern: poro) }
    }

    @Test func listsThatDoNotFit() throws {
        let byteLevel = #""pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}"#
        for model in [
            #"{"vocab": {"a": 0, "b": "x"}, "merges": []}"#, #"{"vocab": {"a": 0}, "merges": ["a q"]}"#,
            #"{"vocab": {"a": 0}, "merges": [["a"]]}"#, #"{"vocab": {"a": 0}, "merges": [1]}"#,
            #"{"vocab": {"a": 9223372036854775807}, "merges": []}"#, #"{"vocab": {"a": -1}, "merges": []}"#,
            #"{"vocab": {"a": 1000000000}, "merges": []}"#, #"{"vocab": {}, "merges": []}"#, #"{"vocab": {"a": 0}}"#,
        ] {
            let folder = try folder()
            try folder.write("tokenizer.json", #"{"model": \#(model), \#(byteLevel)}"#)
            #expect(problem(folder) != nil, "\(model)")
        }
    }
}
