import Tensors

/// A slice of a model as a source: it knows the shape of all tensors and has the elements of some.
struct SliceModel: ModelSource {
    let tensors: StoredTensors
    let part: ModelSlice
    private let file: GGUFFile
    /// config.json, where the slice is one of a Hugging Face folder.
    private let settings: HuggingFaceSettings?
    /// Its generation_config.json, where there is one.
    private let generation: HuggingFaceSettings?

    init(_ file: GGUFFile) throws(ModelFileError) {
        self.file = file
        do throws(ModelFileProblem) {
            part = try SliceKeys.slice(file)
            settings = try Self.settings(SliceKeys.settings, of: file)
            generation = try Self.settings(SliceKeys.generation, of: file)
            var tensors = StoredTensors()
            try tensors.add(file.tensors.map { StoredTensor($0, in: file.file) })
            try tensors.add(SliceKeys.absentTensors(file))
            self.tensors = tensors
        } catch { throw ModelFileError(path: file.path, problem: error) }
    }

    /// The JSON that stands under a key.
    private static func settings(
        _ key: String, of file: GGUFFile
    ) throws(ModelFileProblem) -> HuggingFaceSettings? {
        try file[key]?.text.map { text throws(ModelFileProblem) in
            try HuggingFaceSettings(parsing: text)
        }
    }

    var slice: ModelSlice? { part }
    var path: String { file.path }
    var saysHeadIsTied: Bool { settings?["tie_word_embeddings"]?.bool == true }
    var byteCount: Int { file.file.byteCount }
    var names: TensorNames { settings == nil ? .gguf : .huggingFace }
    var headerHash: UInt64 { part.identity }
    var tokenizer: any TokenizerSource { GGUFTokenizer(file) }

    func samplingDefaults() throws(ModelFileError) -> SamplingDefaults? {
        do throws(ModelFileProblem) {
            guard settings != nil else { return try SamplingDefaults(file) }
            guard let generation else { return nil }
            return try SamplingDefaults(generation: generation)
        } catch { throw ModelFileError(path: path, problem: error) }
    }

    func family() throws(ModelFileError) -> ModelFamily {
        do throws(ModelFileProblem) {
            guard let settings else { return try ModelMetadata(file).family() }
            return try HuggingFaceConfiguration.family(settings)
        } catch { throw ModelFileError(path: path, problem: error) }
    }

    func configuration(_ family: ModelFamily) throws(ModelFileError) -> ModelConfiguration {
        do throws(ModelFileProblem) {
            guard let settings else { return try GGUFConfiguration.read(ModelMetadata(file), family, tensors) }
            return try HuggingFaceConfiguration(settings, tensors).read(family, name: "")
        } catch { throw ModelFileError(path: path, problem: error) }
    }
}
