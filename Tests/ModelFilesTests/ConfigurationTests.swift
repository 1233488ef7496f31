import Testing

@testable import ModelFiles

@Suite struct ConfigurationTests {
    private func configuration(_ changes: [String: GGUFValue?]) throws -> ModelConfiguration {
        var variant = ModelVariant()
        for (key, value) in changes { variant.set(key, value) }
        return try variant.configuration()
    }

    @Test func absentKeysHaveDefaults() throws {
        let configuration = try configuration([
            "llama.attention.key_length": nil, "llama.attention.value_length": nil, "llama.rope.freq_base": nil,
            "llama.rope.dimension_count": nil, "llama.vocab_size": nil, "general.name": nil,
        ])
        #expect(configuration.headDim == 16 && configuration.vocabSize == 10 && configuration.name.isEmpty)
        #expect(configuration.rope == RotaryConfiguration(theta: 10_000, dimensionCount: 16, pairing: .adjacent))
    }

    @Test func namesAreFitForATerminal() throws {
        let name = GGUFValue.string("Modell \u{1B}[31mgr\u{F6}\u{DF}er\n\u{9B}2J")
        #expect(try configuration(["general.name": name]).name == "Modell [31mgr\u{F6}\u{DF}er2J")
        let endless = GGUFValue.string(String(repeating: "n", count: 1000))
        #expect(try configuration(["general.name": endless]).name.count == 128)
    }

    @Test func numbersOfAnyWidthAndPerLayer() throws {
        let configuration = try configuration([
            "llama.block_count": .uint64(2), "llama.attention.head_count_kv": .int32s([2, 2]),
            "llama.feed_forward_length": .int32(128), "llama.attention.layer_norm_rms_epsilon": .float64(1e-6),
        ])
        #expect(
            configuration.layerCount == 2 && configuration.kvHeadCount == 2 && configuration.intermediateSize == 128)
        #expect(configuration.rmsNormEpsilon == 1e-6)
    }

    @Test func positionsScaledLinearly() throws {
        let new = try configuration([
            "llama.rope.scaling.type": .string("linear"), "llama.rope.scaling.factor": .float32(4),
        ])
        #expect(new.rope.scaling == .linear(factor: 4))
        #expect(try configuration(["llama.rope.scale_linear": .float32(2)]).rope.scaling == .linear(factor: 2))
        #expect(try configuration(["llama.rope.scaling.factor": .float32(0)]).rope.scaling == .none)
        let none = try configuration([
            "llama.rope.scaling.type": .string("none"), "llama.rope.scaling.factor": .float32(4),
        ])
        #expect(none.rope.scaling == .none)
    }

    @Test func yarn() throws {
        var keys: [String: GGUFValue?] = [
            "llama.rope.scaling.type": .string("yarn"), "llama.rope.scaling.factor": .float32(4),
            "llama.rope.scaling.original_context_length": .uint32(64),
            "llama.rope.scaling.yarn_beta_fast": .float32(16),
        ]
        #expect(
            try configuration(keys).rope.scaling
                == .yarn(YaRNScaling(factor: 4, originalContextLength: 64, betaFast: 16)))
        keys["llama.rope.scaling.yarn_log_multiplier"] = .float32(0.5)
        keys["llama.rope.scaling.yarn_attn_factor"] = .float32(2)
        guard case .yarn(let yarn) = try configuration(keys).rope.scaling else {
            Issue.record("no YaRN")
            return
        }
        #expect(yarn.attentionFactor == 2 && yarn.scales == YaRNScaling.Scales(numerator: 1, denominator: 0.5))
    }

    @Test func slidingWindow() throws {
        let all = try configuration(["llama.attention.sliding_window": .uint32(128)])
        #expect(all.window(of: 0) == 128 && all.window(of: 1) == 128)
        let some = try configuration([
            "llama.attention.sliding_window": .uint32(128),
            "llama.attention.sliding_window_pattern": .array(of: .bool, [.bool(false), .bool(true)]),
        ])
        #expect(some.window(of: 0) == nil && some.window(of: 1) == 128)
        #expect(try configuration(["llama.attention.sliding_window": .uint32(0)]).window(of: 0) == nil)
    }

    @Test func windowsOfDifferentSizes() throws {
        let each = try configuration(["llama.attention.sliding_window": .int32s([64, 128])])
        #expect(each.window(of: 0) == 64 && each.window(of: 1) == 128)
        #expect(try configuration(["llama.attention.sliding_window": .int32s([0, 128])]).window(of: 0) == nil)
        #expect(
            try ModelVariant.problem(setting: "llama.attention.sliding_window", to: .int32s(Array(1...9)))
                == .unsupportedFeature("'llama.attention.sliding_window' has more than 8 sizes"))
        #expect(
            try ModelVariant.problem(setting: "llama.attention.sliding_window", to: .string("far"))
                == .invalidValue(key: "llama.attention.sliding_window", reason: "is no integer"))
    }

    @Test func valuesMayBeNarrowerThanKeys() throws {
        var variant = ModelVariant()
        variant.set("llama.attention.value_length", .uint32(8))
        #expect(
            try variant.problem() == .wrongShape(tensor: "blk.0.attn_v.weight", expected: [64, 16], found: [64, 32]))
        for layer in 0..<2 {
            variant.add("blk.\(layer).attn_v.weight", [64, 16])
            variant.add("blk.\(layer).attn_output.weight", [32, 64])
        }
        let configuration = try variant.configuration()
        #expect(configuration.headDim == 16 && configuration.valueDim == 8 && configuration.scoreScale == 0.25)
        #expect(configuration.kvElementsPerTokenAndLayer == 2 * (16 + 8))
    }

    /// Beyond that its queries would have to be scaled.
    @Test func ministralStaysInItsOriginalContext() throws {
        let configuration = try configuration([
            "llama.attention.temperature_scale": .float32(0.1),
            "llama.rope.scaling.original_context_length": .uint32(64),
        ])
        #expect(configuration.contextLength == 64)
    }

    @Test func frequencyFactors() throws {
        var variant = ModelVariant()
        variant.add("rope_freqs.weight", [8], contents: [1, 1, 1, 2, 4, 8, 8, 8])
        #expect(try variant.configuration().rope.frequencyFactors == [1, 1, 1, 2, 4, 8, 8, 8])
        variant.add("rope_freqs.weight", [7])
        #expect(try variant.problem() == .wrongShape(tensor: "rope_freqs.weight", expected: [8], found: [7]))
        variant.add("rope_freqs.weight", [8])
        #expect(try variant.problem() != nil)
        variant.add("rope_freqs.weight", [8], .f16)
        #expect(
            try variant.problem()
                == .unsupportedElementType(tensor: "rope_freqs.weight", type: "F16", supported: ["F32"]))
    }

    @Test func tiedHeadAndRedundantTables() throws {
        var variant = ModelVariant()
        variant.remove(tensor: "output.weight")
        variant.add("blk.0.attn_rot_embd.inv_freq", [8])
        variant.add("blk.1.ffn_gate.weight", [64, 128], .q5_0)
        let file = TemporaryFile()
        try variant.write(to: file.path)
        let model = try Model(path: file.path)
        #expect(model.configuration.hasTiedOutputHead && model.outputHead.name == "token_embd.weight")
        #expect(model.layer(1)[.wGate].type == .q5_0 && model.layer(0)[.wGate].type == .f32)
    }

    @Test(arguments: [
        "llama.block_count", "llama.embedding_length", "llama.feed_forward_length", "llama.attention.head_count",
        "llama.context_length", "llama.attention.layer_norm_rms_epsilon", "general.architecture",
    ])
    func missingKeys(_ key: String) throws {
        #expect(try ModelVariant.problem(setting: key, to: nil) == .missingKey(key))
    }

    @Test(arguments: [
        "block_count", "embedding_length", "feed_forward_length", "attention.head_count", "attention.head_count_kv",
        "attention.key_length", "context_length", "rope.dimension_count",
    ])
    func sizesThatAreNone(_ name: String) throws {
        let values: [GGUFValue] = [
            .uint32(0), .int32(-1), .uint64(.max), .uint64(1 << 40), .string("4"), .float32(4), .bool(true),
            .int32s([]),
        ]
        for value in values {
            guard case .invalidValue(let key, _) = try ModelVariant.problem(setting: "llama.\(name)", to: value) else {
                Issue.record("\(name) = \(value) opened")
                continue
            }
            #expect(key == "llama.\(name)")
        }
    }

    @Test func sizesThatDoNotFit() throws {
        let wrong: [(String, GGUFValue?)] = [
            ("llama.attention.head_count", .uint32(5)), ("llama.attention.head_count_kv", .uint32(3)),
            ("llama.attention.head_count_kv", .uint32(8)), ("llama.rope.dimension_count", .uint32(15)),
            ("llama.rope.dimension_count", .uint32(18)), ("llama.attention.layer_norm_rms_epsilon", .float32(.nan)),
            ("llama.attention.layer_norm_rms_epsilon", .float32(0)), ("llama.rope.freq_base", .float32(0)),
            ("llama.rope.freq_base", .float32(.infinity)), ("llama.rope.scaling.factor", .float32(-1)),
            ("general.architecture", .uint32(1)),
        ]
        for (key, value) in wrong {
            guard case .invalidValue = try ModelVariant.problem(setting: key, to: value) else {
                Issue.record("\(key) opened")
                continue
            }
        }
    }

    @Test func whatIsNotSupportedYet() throws {
        let wrong: [(String, GGUFValue?)] = [
            ("llama.expert_count", .uint32(8)),
            ("llama.attention.causal", .bool(false)), ("llama.logit_scale", .float32(0.5)),
            ("llama.rope.scaling.type", .string("ntk")),
            ("llama.attention.head_count_kv", .int32s([2, 4])),
        ]
        for (key, value) in wrong {
            guard case .unsupportedFeature = try ModelVariant.problem(setting: key, to: value) else {
                Issue.record("\(key) opened")
                continue
            }
        }
        #expect(
            try ModelVariant.problem(setting: "general.architecture", to: .string("gemma"))
                == .unsupportedArchitecture(
                    "gemma", supported: ["llama", "mistral", "mistral3", "qwen2", "qwen3", "smollm3", "phi3"]))
        #expect(try ModelVariant.problem(setting: "split.count", to: .int32(3)) == .splitFile(parts: 3))
        #expect(try ModelVariant.problem(setting: "split.count", to: .int32(1)) == nil)
    }

    @Test(arguments: smallSynthetic().tensors(vocabSize: 10).map(\.plan))
    func everyTensorIsNeededInItsShape(_ plan: GGUFTensorPlan) throws {
        var variant = ModelVariant()
        variant.remove(tensor: plan.name)
        #expect(try variant.problem() == (plan.name == "output.weight" ? nil : .missingTensor(plan.name)))
        var dimensions = plan.dimensions
        dimensions[0] *= 2
        variant.add(plan.name, dimensions)
        #expect(
            try variant.problem() == .wrongShape(tensor: plan.name, expected: plan.dimensions, found: dimensions))
        variant.add(plan.name, plan.dimensions + [3])
        #expect(try variant.problem() != nil)
        variant.add(plan.name, plan.dimensions + [1])
        #expect(try variant.problem() == nil)
    }

    @Test(arguments: ["blk.0.attn_norm.bias", "blk.1.attn_q_norm.weight", "blk.1.ffn_gate.scale", "output.bias", "x"])
    func weightsThatWouldBeLeftOut(_ name: String) throws {
        var variant = ModelVariant()
        variant.add(name, [64], contents: Array(repeating: 1, count: 64))
        #expect(try variant.problem() == .unexpectedTensor(name))
    }

    @Test(arguments: [
        "blk.0.attn_rot_embd.inv_freq", "blk.2.attn_q.weight", "blk.17.nextn.eh_proj.weight", "blk.1.ffn_norm.bias",
        "blk.1.self_attn.rotary_emb.cos_cached", "position_ids", "output.bias",
    ])
    func tensorsThatChangeNothing(_ name: String) throws {
        var variant = ModelVariant()
        variant.add(name, [64])
        let (file, copy) = (TemporaryFile(), TemporaryFile())
        try variant.write(to: file.path)
        let model = try Model(path: file.path)
        #expect(model.notes == ["1 tensor that changes nothing is left out: '\(name)'"])
        try GGUFExport(model, #require(QuantizationMix(named: "F32") ?? QuantizationMix(named: "F16"))).write(
            to: copy.path
        ) { count, body in (0..<count).forEach(body) }
        #expect(try Model(path: copy.path).notes.isEmpty)
    }

    @Test func biasesOfTheFeedForwardNetwork() throws {
        var variant = ModelVariant()
        variant.add("blk.0.ffn_gate.bias", [128])
        variant.add("blk.0.ffn_up.bias", [128])
        variant.add("blk.0.ffn_down.bias", [64])
        let file = TemporaryFile()
        try variant.write(to: file.path)
        let model = try Model(path: file.path)
        #expect(model.layer(0).roles.suffix(3) == [.bGate, .bUp, .bDown] && model.layer(1).tensor(.bUp) == nil)
    }

    @Test func aBillionLayersCostNothing() throws {
        #expect(
            try ModelVariant.problem(setting: "llama.block_count", to: .int32(.max))
                == .missingTensor("blk.2.attn_norm.weight"))
        #expect(
            try ModelVariant.problem(setting: "llama.attention.key_length", to: .int32(.max - 1))
                != nil)
    }

    @Test func unknownElementType() throws {
        let file = TemporaryFile()
        try ModelVariant().write(to: file.path)
        var bytes = file.bytes
        // The type follows the two dimensions of the matrix.
        let name = Array("blk.1.ffn_up.weight".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        bytes[place + name.count + 4 + 16] = 21
        let changed = TemporaryFile(bytes)
        #expect {
            _ = try Model(path: changed.path)
        } throws: {
            "\($0)".contains("'blk.1.ffn_up.weight' is stored as IQ3_S, which is not supported; supported: F32, F16")
        }
    }
}
