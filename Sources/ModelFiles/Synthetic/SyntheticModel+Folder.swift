import Glibc
import Platform
import Tensors

/// The same models as Hugging Face folders.
extension SyntheticModel {
    /// The largest file of weights, as `transformers` cuts them: Llama 2 7B in F16 comes in two.
    private static let largestFile = 10_000_000_000

    /// Writes the model as a folder: config.json, safetensors with their index, and tokenizer.model.
    ///
    /// - Parameters:
    ///   - folder: made where there is none.
    ///   - vocabulary: one of SentencePiece, or none.
    public func write(
        folder: String, vocabulary: Vocabulary, progress: (_ written: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ModelFileError) {
        let vocabSize = try Self.size(of: vocabulary)
        guard !type.isQuantized else {
            throw Self.failure(folder, "weights in safetensors are F32, F16 or BF16, not \(type.name)")
        }
        if let reason = problem(vocabSize: vocabSize) { throw Self.failure(folder, reason) }
        guard mkdir(folder, 0o755) == 0 || FileStatus.isFolder(folder) else {
            throw Self.failure(folder, String(cString: strerror(errno)))
        }
        try writeTokenizer(vocabulary, to: folder)
        try Self.write(Array(config(vocabSize: vocabSize).utf8), to: "\(folder)/config.json")
        let tensors = tensors(vocabSize: vocabSize, names: .huggingFace, normType: type)
        let files = Self.files(tensors)
        let total = tensors.reduce(0) { $0 + $1.byteCount }
        var written = 0
        for (index, range) in files.enumerated() {
            let path = "\(folder)/\(Self.fileName(index, of: files.count))"
            let writer = try SafetensorsWriter(path: path, tensors: tensors[range].map(\.plan))
            for number in range {
                try fill(tensors[number], stream: number) { bytes throws(ModelFileError) in
                    try writer.write(bytes)
                    written += bytes.count
                    progress(written, total)
                }
            }
            try writer.finish()
        }
        if files.count > 1 {
            try Self.write(Array(Self.index(tensors, files).utf8), to: "\(folder)/\(ShardIndex.index)")
        }
    }

    private static func failure(_ path: String, _ reason: String) -> ModelFileError {
        ModelFileError(path: path, problem: .cannotWrite(reason: reason))
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(ModelFileError) {
        do throws(PartialFile.Problem) {
            let file = try PartialFile(path: path)
            try file.append(bytes)
            try file.publish()
        } catch { throw ModelFileError(path: path, writing: error) }
    }

    private func writeTokenizer(_ vocabulary: Vocabulary, to folder: String) throws(ModelFileError) {
        guard case .from(let file) = vocabulary else { return }
        guard let model = SentencePieceWriter.encode(file) else {
            throw Self.failure(folder, "a folder gets a SentencePiece vocabulary, and \(file.path) has none")
        }
        try Self.write(model, to: "\(folder)/tokenizer.model")
        let settings = #"{"tokenizer_class": "LlamaTokenizer", "add_bos_token": true, "add_eos_token": false}"#
        try Self.write(Array("\(settings)\n".utf8), to: "\(folder)/tokenizer_config.json")
        if let template = file["tokenizer.chat_template"]?.text {
            try Self.write(template, to: "\(folder)/chat_template.jinja")
        }
    }

    /// Which tensors go into which file: as many as fit.
    private static func files(_ tensors: [SyntheticTensor]) -> [Range<Int>] {
        var files: [Range<Int>] = []
        var (first, size) = (0, 0)
        for (index, tensor) in tensors.enumerated() {
            if index > first, size + tensor.byteCount > largestFile {
                files.append(first..<index)
                (first, size) = (index, 0)
            }
            size += tensor.byteCount
        }
        return files + [first..<tensors.count]
    }

    private static func fileName(_ index: Int, of count: Int) -> String {
        count == 1
            ? ShardIndex.single : "model-\(SplitName.digits(index + 1))-of-\(SplitName.digits(count)).safetensors"
    }

    private static func index(_ tensors: [SyntheticTensor], _ files: [Range<Int>]) -> String {
        let entries = files.enumerated().flatMap { index, range in
            range.map { "    \"\(tensors[$0].plan.name)\": \"\(fileName(index, of: files.count))\"" }
        }
        let total = tensors.reduce(0) { $0 + $1.byteCount }
        return "{\n  \"metadata\": {\"total_size\": \(total)},\n  \"weight_map\": {\n"
            + entries.joined(separator: ",\n") + "\n  }\n}\n"
    }

    private func config(vocabSize: Int) -> String {
        let dtype = type == .f16 ? "float16" : type == .bf16 ? "bfloat16" : "float32"
        let settings: [(String, String)] = [
            ("architectures", #"["LlamaForCausalLM"]"#), ("model_type", #""llama""#), ("hidden_act", #""silu""#),
            ("torch_dtype", "\"\(dtype)\""), ("bos_token_id", "1"), ("eos_token_id", "2"),
            ("hidden_size", "\(hiddenSize)"), ("intermediate_size", "\(intermediateSize)"),
            ("num_hidden_layers", "\(layerCount)"), ("num_attention_heads", "\(headCount)"),
            ("num_key_value_heads", "\(kvHeadCount)"), ("head_dim", "\(sizeOfHead)"), ("vocab_size", "\(vocabSize)"),
            ("max_position_embeddings", "\(contextLength)"), ("rms_norm_eps", "\(rmsNormEpsilon)"),
            ("rope_theta", "\(ropeTheta)"), ("rope_scaling", "null"), ("tie_word_embeddings", "\(hasTiedOutputHead)"),
        ]
        return "{\n" + settings.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n") + "\n}\n"
    }
}
