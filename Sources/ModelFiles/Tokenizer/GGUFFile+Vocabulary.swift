import Tokenization

/// Builds a vocabulary from the `tokenizer.ggml.*` metadata; works on a file without weights too.
///
/// Where a file leaves something open, the answer is llama.cpp's, since files are made to work with it.
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

    /// The Jinja source of a chat template for a purpose, such as `tool_use`.
    public func namedChatTemplate(_ name: String) -> String? { self["tokenizer.chat_template.\(name)"]?.string }
}

extension Model {
    /// The model's vocabulary, made anew: only the rank that tokenizes has to pay for it.
    ///
    /// - Throws: what ``GGUFFile/vocabulary()`` throws, and ``ModelFileProblem/invalidTokenizer(reason:)`` where the
    ///   number of tokens is not the number of rows in the embedding.
    public func vocabulary() throws(ModelFileError) -> Vocabulary {
        let vocabulary = try gguf.vocabulary()
        guard vocabulary.count == configuration.vocabSize else {
            let reason = "has \(vocabulary.count) tokens but the embedding \(configuration.vocabSize) rows"
            throw ModelFileError(path: path, problem: .invalidTokenizer(reason: "the tokenizer \(reason)"))
        }
        return vocabulary
    }

    /// The Jinja source of the chat template, where the model has one.
    public var chatTemplate: String? { gguf.chatTemplate }

    /// The Jinja source of a chat template for a purpose, such as `tool_use`.
    public func namedChatTemplate(_ name: String) -> String? { gguf.namedChatTemplate(name) }
}
