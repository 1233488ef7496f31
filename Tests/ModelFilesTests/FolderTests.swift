import Foundation
import TestSupport
import Testing
import Tokenization

@testable import ModelFiles

@Suite struct FolderTests {
    @Test func everyFamilyOpens() throws {
        for (name, architecture) in [
            ("llama", "llama"), ("llama31", "llama"), ("mistral", "mistral"), ("qwen2", "qwen2"), ("qwen3", "qwen3"),
            ("smollm3", "smollm3"), ("phi3", "phi3"),
        ] {
            let model = try Model(path: TestFiles.fixture("families/\(name)"))
            #expect(model.configuration.architecture == architecture && model.configuration.name == name)
            #expect(model.configuration.rope.pairing == .halves && model.configuration.vocabSize == 256)
        }
    }

    @Test func fusedMatricesAreCutAtTheirRows() throws {
        let layer = try Model(path: TestFiles.fixture("families/phi3")).layer(2)
        #expect((layer[.wq].rows, layer[.wk].rows, layer[.wv].rows) == (32, 16, 16))
        #expect(layer[.wq].fileRange.upperBound == layer[.wk].fileRange.lowerBound)
        #expect(layer[.wk].fileRange.upperBound == layer[.wv].fileRange.lowerBound)
        #expect(layer[.wGate].rows == 64 && layer[.wGate].fileRange.upperBound == layer[.wUp].fileRange.lowerBound)
    }

    @Test func patterns() throws {
        let smolLM3 = try Model(path: TestFiles.fixture("families/smollm3")).configuration
        #expect((0..<4).map(smolLM3.layersWithoutRotary.contains) == [false, false, false, true])
        let qwen2 = try Model(path: TestFiles.fixture("families/qwen2")).configuration
        #expect((0..<4).map(qwen2.window) == [nil, nil, 24, 24])
        let folder = try FolderVariant("families/qwen2")
        try folder.set(["layer_types": nil, "max_window_layers": "3"])
        #expect(try (0..<4).map(folder.open().configuration.window) == [nil, nil, nil, 24])
        try folder.set(["use_sliding_window": "false"])
        #expect(try folder.open().configuration.windows.isEmpty)
        let other = try FolderVariant("families/smollm3")
        try other.set(["no_rope_layers": nil, "no_rope_layer_interval": "2"])
        #expect(try (0..<4).map(other.open().configuration.layersWithoutRotary.contains) == [false, true, false, true])
    }

    @Test func oldAndNewSpellingsOfRotaryEmbeddings() throws {
        let folder = try FolderVariant()
        func scaling(_ changes: [String: String?]) throws -> RotaryScaling {
            try folder.set(["rope_parameters": nil, "rope_theta": nil, "rope_scaling": nil].merging(changes) { $1 })
            return try folder.open().configuration.rope.scaling
        }
        #expect(try scaling([:]) == .none)
        #expect(try folder.open().configuration.rope.theta == 10_000)
        #expect(
            try scaling(["rope_theta": "5e5", "rope_scaling": #"{"type": "linear", "factor": 2}"#])
                == .linear(factor: 2))
        #expect(try folder.open().configuration.rope.theta == 500_000)
        #expect(
            try scaling(["rope_parameters": #"{"rope_theta": 1e6, "rope_type": "dynamic", "factor": 2}"#]) == .none)
        #expect(try folder.open().configuration.rope.theta == 1_000_000)
        let llama3 = #""low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 64"#
        #expect(
            try scaling(["rope_scaling": #"{"rope_type": "llama3", "factor": 8, \#(llama3)}"#])
                == .llama3(
                    Llama3Scaling(
                        factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 64)))
        // Qwen's way to ask for YaRN: the context grows.
        let yarn = #"{"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 512}"#
        #expect(try scaling(["rope_scaling": yarn]) == .yarn(YaRNScaling(factor: 4, originalContextLength: 512)))
        #expect(try folder.open().configuration.contextLength == 2048)
        #expect(throws: ModelFileError.self) { try scaling(["rope_scaling": #"{"type": "ntk-by-parts"}"#]) }
        #expect(throws: ModelFileError.self) { try scaling(["rope_scaling": #"{"type": "linear"}"#]) }
        #expect(throws: ModelFileError.self) {
            try scaling(["rope_scaling": #"{"type": "longrope", "short_factor": [1], "long_factor": [1]}"#])
        }
    }

    @Test func headsThatAreTiedOrNot() throws {
        let folder = try FolderVariant()
        #expect(try folder.open().configuration.hasTiedOutputHead)
        try folder.set(["tie_word_embeddings": nil])
        #expect(try folder.open().configuration.hasTiedOutputHead)
        try folder.set(["tie_word_embeddings": "false"])
        #expect(folder.problem() == .missingTensor("lm_head.weight"))
        let own = try FolderVariant("families/mistral")
        try own.set(["tie_word_embeddings": nil])
        #expect(try own.open().configuration.hasTiedOutputHead == false)
        try own.set(["tie_word_embeddings": "true"])
        #expect(try own.open().outputHead.name == "lm_head.weight")
    }

    private static func published(_ name: String) -> String { TestFiles.fixture("published/\(name)") }

    @Test func tensorsAsPublished() throws {
        let plain = try Model(path: Self.published("plain"))
        for name in ["base-model-names", "inv-freq-model", "more-layers", "only-head"] {
            let model = try Model(path: Self.published(name))
            #expect(model.configuration.hasTiedOutputHead && model.configuration.layerCount == 2, "\(name)")
            #expect(try model.tokenEmbedding.bytes() == plain.tokenEmbedding.bytes(), "\(name)")
            #expect(try model.layer(1)[.wDown].bytes() == plain.layer(1)[.wDown].bytes(), "\(name)")
        }
        #expect(try plain.notes.isEmpty && Model(path: Self.published("base-model-names")).notes.isEmpty)
        #expect(
            try Model(path: Self.published("inv-freq-model")).notes
                == ["1 tensor that changes nothing is left out: 'model.rotary_emb.inv_freq'"])
        #expect(
            try Model(path: Self.published("more-layers")).notes
                == ["4 tensors that change nothing are left out, such as 'model.embeddings.position_ids'"])
        let other = try Model(path: Self.published("tied-other-head"))
        #expect(!other.configuration.hasTiedOutputHead && other.outputHead.name == "lm_head.weight")
        #expect(other.notes.count == 1 && other.notes[0].hasPrefix("warning: config.json says"))
    }

    /// A head that repeats the embedding is used without a word, and is left out of files that are written.
    @Test func headsThatRepeatTheEmbedding() throws {
        let folder = try FolderVariant("published/base-model-names")
        let bytes = folder.bytes("model.safetensors")
        let length = bytes.withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
        let model = try folder.open()
        let (start, end) = (8 + length, bytes.count - 8 - length)
        let header = String(decoding: bytes[8..<start], as: UTF8.self).trimmingCharacters(in: .whitespaces)
        let size = 64 * 16 * 4
        let head =
            #", "lm_head.weight": {"dtype": "F32", "shape": [64, 16], "data_offsets": [\#(end), \#(end + size)]}}"#
        for change: UInt8 in [0, 1] {
            var copy = try model.tokenEmbedding.bytes()
            copy[0] ^= change
            try folder.write(
                "model.safetensors",
                bytes: Array(safetensors(header.dropLast() + head, dataByteCount: 0)) + bytes[start...] + copy)
            let both = try folder.open()
            #expect(try both.outputHead.name == "lm_head.weight" && both.repeatsEmbedding() == (change == 0))
            #expect(both.notes.isEmpty == (change == 0))
            let file = TemporaryFile()
            try GGUFExport(both, #require(QuantizationMix(named: "F32"))).write(to: file.path) { count, body in
                (0..<count).forEach(body)
            }
            #expect(try Model(path: file.path).configuration.hasTiedOutputHead == (change == 0))
        }
    }

    /// What is missing from a whole file is missing because the model is another one.
    @Test func messagesCallNoWholeModelIncomplete() {
        #expect(!"\(ModelFileProblem.missingTensor("x"))".contains("incomplete"))
    }

    @Test func samplingDefaultsBecomeKeys() throws {
        let folder = try FolderVariant("published/plain")
        try folder.write(
            "generation_config.json",
            #"{"do_sample": true, "temperature": 0.6, "top_k": 20, "top_p": 0.95, "repetition_penalty": 1.05}"#)
        let file = TemporaryFile()
        try GGUFExport(folder.open(), #require(QuantizationMix(named: "F32"))).write(to: file.path) { count, body in
            (0..<count).forEach(body)
        }
        #expect(
            try Model(path: file.path).samplingDefaults()
                == SamplingDefaults(temperature: 0.6, topK: 20, topP: 0.95, repeatPenalty: 1.05))
        #expect(try GGUFFile(path: file.path)["general.sampling.top_k"]?.integer == 20)
    }

    @Test(arguments: [
        #"{"temperature": "hot"}"#, #"{"do_sample": true, "temperature": -1}"#, #"{"do_sample": true, "top_p": 1.5}"#,
        #"{"do_sample": true, "top_k": -3}"#, #"{"do_sample": "yes"}"#, #"{"repetition_penalty": 0}"#,
    ])
    func wrongGenerationConfigsAreNamed(_ text: String) throws {
        let folder = try FolderVariant("published/plain")
        try folder.write("generation_config.json", text)
        let model = try folder.open()
        #expect { try model.samplingDefaults() } throws: { "\($0)".contains("/generation_config.json: '") }
    }

    @Test func settingsThatCannotBe() throws {
        let changes: [[String: String?]] = [
            ["model_type": "\"gemma3\""], ["model_type": nil], ["model_type": "3"], ["hidden_size": nil],
            ["hidden_size": "0"], ["hidden_size": "-32"], ["hidden_size": "1e30"], ["hidden_size": "\"32\""],
            ["num_attention_heads": "5", "head_dim": nil], ["num_key_value_heads": "3"], ["head_dim": "7"],
            ["head_dim": "2147483646"], ["intermediate_size": "65"], ["num_hidden_layers": "5"],
            ["num_hidden_layers": "2147483647"], ["vocab_size": "255"],
            ["rms_norm_eps": "0"], ["rms_norm_eps": "true"], ["hidden_act": "\"gelu\""],
            ["num_local_experts": "8"], ["quantization_config": #"{"quant_method": "gptq"}"#],
            ["rope_parameters": nil, "rope_theta": "0"], ["tie_word_embeddings": "1"], ["partial_rotary_factor": "2"],
        ]
        for change in changes {
            let folder = try FolderVariant()
            try folder.set(change)
            #expect(folder.problem() != nil, "\(change)")
        }
    }

    @Test func filesThatAreMissing() throws {
        let config = try FolderVariant()
        config.remove("config.json")
        #expect(config.problem() == .missingFile("config.json", reason: "which a folder with a model has"))
        let weights = try FolderVariant()
        weights.remove("model.safetensors")
        guard case .noWeights = weights.problem() else {
            Issue.record("a folder without weights opened")
            return
        }
        try weights.write("pytorch_model.bin", "PK")
        #expect("\(weights.problem()!)".contains("pytorch_model.bin"))
        let part = try FolderVariant("families/llama")
        #expect(part.problem() == nil)
        part.remove("model-00002-of-00002.safetensors")
        guard case .unreadable = part.problem() else {
            Issue.record("half a model opened")
            return
        }
    }

    @Test(arguments: [
        #"{}"#, #"{"weight_map": {}}"#, #"{"weight_map": {"a": 1}}"#, #"{"weight_map": {"a": "../model.safetensors"}}"#,
        #"{"weight_map": {"a": "/etc/passwd"}}"#, #"{"weight_map": {"a": ".."}}"#, "[", #"{"weight_map": {"a": ""}}"#,
    ])
    func indicesThatLie(_ index: String) throws {
        let folder = try FolderVariant("families/llama")
        try folder.write("model.safetensors.index.json", index)
        #expect(folder.problem() != nil)
    }

    @Test func whatGenerationConfigSays() throws {
        let folder = try FolderVariant()
        #expect(try folder.open().samplingDefaults() == nil)
        try folder.write("generation_config.json", #"{"do_sample": true, "temperature": 0.6, "top_p": 0.9}"#)
        #expect(try folder.open().samplingDefaults() == SamplingDefaults(temperature: 0.6, topK: 50, topP: 0.9))
        try folder.write("generation_config.json", #"{"do_sample": false, "temperature": 0.6}"#)
        #expect(try folder.open().samplingDefaults() == nil)
    }

    @Test func identity() throws {
        let (first, second) = (try FolderVariant(), try FolderVariant())
        let hash = try first.open().headerHash
        #expect(try second.open().headerHash == hash)
        try second.set(["rms_norm_eps": "1e-6"])
        #expect(try second.open().headerHash != hash)
    }
}
