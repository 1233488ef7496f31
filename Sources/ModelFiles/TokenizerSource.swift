import Tokenization

/// The files of a model's tokenizer, with or without weights beside them.
protocol TokenizerSource: Sendable {
    /// The Jinja source of the chat template, where there is one.
    var chatTemplate: String? { get }

    /// The Jinja source of a chat template for a purpose, such as `tool_use`.
    func chatTemplate(named name: String) -> String?
    var summary: TokenizerSummary { get }

    /// - Parameter count: the rows of the model's embedding; a folder's tokens are filled up to it and may be more.
    func vocabulary(count: Int?) throws(ModelFileError) -> Vocabulary
}

/// The vocabulary of a model or of a tokenizer without weights: a GGUF file or a Hugging Face folder.
public func openVocabulary(path: String) throws(ModelFileError) -> Vocabulary {
    let source: any TokenizerSource =
        FileStatus.isFolder(path) ? HuggingFaceTokenizer(folder: path) : GGUFTokenizer(try GGUFFile(path: path))
    return try source.vocabulary(count: nil)
}
