import Tensors

extension SyntheticModel {
    /// What llama.cpp writes for such a model, so that other programs can run it too.
    func metadata(_ vocabulary: Vocabulary, vocabSize: Int) -> [(key: String, value: GGUFValue)] {
        func number(_ value: Int) -> GGUFValue { .uint32(UInt32(value)) }
        var metadata: [(key: String, value: GGUFValue)] = [
            ("general.architecture", .string("llama")),
            ("general.type", .string("model")),
            ("general.name", .string("synthetic \(layerCount)x\(hiddenSize) \(type.name)")),
            ("general.file_type", .uint32(type.fileType)),
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
}
