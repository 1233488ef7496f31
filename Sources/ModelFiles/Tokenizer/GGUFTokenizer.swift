import Tokenization

/// The tokenizer in a GGUF's `tokenizer.*` metadata; works on a file without weights too.
///
/// Where a file leaves something open, the answer is llama.cpp's, since files are made to work with it.
struct GGUFTokenizer: TokenizerSource {
    private let file: GGUFFile

    init(_ file: GGUFFile) { self.file = file }

    var chatTemplate: String? { file.chatTemplate }
    func chatTemplate(named name: String) -> String? { file["tokenizer.chat_template.\(name)"]?.string }
    var summary: TokenizerSummary { TokenizerSummary(file) }

    /// A GGUF's list of tokens is as long as its embedding.
    func vocabulary(count: Int?) throws(ModelFileError) -> Vocabulary {
        let vocabulary = try file.vocabulary()
        if let count, vocabulary.count != count {
            let reason = "the tokenizer has \(vocabulary.count) tokens but the embedding \(count) rows"
            throw ModelFileError(path: file.path, problem: .invalidTokenizer(reason: reason))
        }
        return vocabulary
    }
}

extension GGUFFile {
    /// The file's vocabulary.
    ///
    /// - Throws: ``ModelFileProblem/noTokenizer`` where the file has none,
    ///   ``ModelFileProblem/unsupportedTokenizer(_:supported:)`` for another kind of tokenizer, and
    ///   ``ModelFileProblem/invalidTokenizer(reason:)`` where its lists do not fit together.
    public func vocabulary() throws(ModelFileError) -> Vocabulary {
        do { return try VocabularyReader(self).read() } catch { throw ModelFileError(path: path, problem: error) }
    }

    /// The Jinja source of the chat template, where the file has one.
    public var chatTemplate: String? { self["tokenizer.chat_template"]?.string }
}
