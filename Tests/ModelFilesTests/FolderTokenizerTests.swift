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
            #"{\#(model), "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": true}}"#,
            #"{\#(model), \#(byteLevel), "normalizer": {"type": "NFKC"}}"#,
            #"{\#(model), "normalizer": {"type": "Prepend", "prepend": "_"}}"#,
            #"{\#(model), "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "split": true}}"#,
            #"{\#(model), "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern":"#
                + #"{"Regex": "(?<=x)"}}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}}"#,
        ] {
            let folder = try folder()
            try folder.write("tokenizer.json", text)
            #expect(problem(folder) != nil, "\(text)")
        }
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
