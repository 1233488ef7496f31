import Tensors

extension SyntheticModel {
    /// What llama.cpp writes for such a model, so that other programs can run it too.
    func metadata(_ vocabulary: Vocabulary, vocabSize: Int) -> [(key: String, value: GGUFValue)] {
        func number(_ value: Int) -> GGUFValue { .uint32(UInt32(value)) }
        var metadata: [(key: String, value: GGUFValue)] = [
            ("general.architecture", .string("llama")),
            ("general.type", .string("model")),
            ("general.name", .string("synthetic \(layerCount)x\(hiddenSize) \(type.name)")),
            ("general.file_type", .uint32(fileType)),
            ("general.quantization_version", .uint32(2)),
            ("llama.block_count", number(layerCount)),
            ("llama.context_length", number(contextLength)),
            ("llama.embedding_length", number(hiddenSize)),
            ("llama.feed_forward_length", number(intermediateSize)),
            ("llama.attention.head_count", number(headCount)),
            ("llama.attention.head_count_kv", number(kvHeadCount)),
            ("llama.attention.key_length", number(sizeOfHead)),
            ("llama.attention.value_length", number(sizeOfHead)),
            ("llama.attention.layer_norm_rms_epsilon", .float32(rmsNormEpsilon)),
            ("llama.rope.dimension_count", number(sizeOfHead)),
            ("llama.rope.freq_base", .float32(ropeTheta)),
            ("llama.vocab_size", number(vocabSize)),
        ]
        if case .from(let file) = vocabulary {
            for key in file.keys where key.hasPrefix("tokenizer.") { metadata.append((key, file[key]!)) }
        }
        return metadata
    }

    /// llama.cpp's number for "mostly this type".
    private var fileType: UInt32 {
        switch type {
        case .f32: 0
        case .f16: 1
        case .q4_0: 2
        case .q4_1: 3
        case .q8_0: 7
        case .q5_0: 8
        case .q5_1: 9
        case .q4_K: 14
        case .q5_K: 16
        case .q6_K: 18
        case .bf16: 32
        }
    }
}
