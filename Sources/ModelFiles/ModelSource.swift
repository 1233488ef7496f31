import Tokenization

/// A model's files, whatever their form: where its tensors are and what they mean. Nothing outside this target can tell one
/// form from another.
protocol ModelSource: ExportedSource, Sendable {
    /// What the user named.
    var path: String { get }
    /// Bytes of all files with weights.
    var byteCount: Int { get }
    var tensors: StoredTensors { get }
    /// How the tensors are named.
    var names: TensorNames { get }
    /// A hash of everything that says what the weights mean.
    var headerHash: UInt64 { get }
    var tokenizer: any TokenizerSource { get }
    /// How the model's makers want tokens to be chosen, where they say so.
    var samplingDefaults: SamplingDefaults? { get }

    /// The part of a model that this is; nil for a whole one.
    var slice: ModelSlice? { get }

    func family() throws(ModelFileError) -> ModelFamily
    func configuration(_ family: ModelFamily) throws(ModelFileError) -> ModelConfiguration
}

/// The files of a model's tokenizer, with or without weights beside them.
protocol TokenizerSource: Sendable {
    /// The Jinja source of the chat template, where there is one.
    var chatTemplate: String? { get }

    /// The Jinja source of a chat template for a purpose, such as `tool_use`.
    func chatTemplate(named name: String) -> String?
    var summary: TokenizerSummary { get }

    /// - Parameter count: the rows of the model's embedding; files that may have fewer tokens are filled up to it.
    func vocabulary(count: Int?) throws(ModelFileError) -> Vocabulary
}

/// What a model's makers want sampling to be, where the user says nothing; nil leaves a value to the program.
public struct SamplingDefaults: Sendable, Equatable {
    public var temperature: Double?
    public var topK: Int?
    public var topP: Double?
    public var minP: Double?
    public var repeatPenalty: Double?
}

/// The vocabulary of a model or of a tokenizer without weights: a GGUF file or a Hugging Face folder.
public func openVocabulary(path: String) throws(ModelFileError) -> Vocabulary {
    let source: any TokenizerSource =
        FileStatus.isFolder(path) ? HuggingFaceTokenizer(folder: path) : GGUFTokenizer(try GGUFFile(path: path))
    return try source.vocabulary(count: nil)
}
